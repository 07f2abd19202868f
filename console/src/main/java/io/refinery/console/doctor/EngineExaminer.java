package io.refinery.console.doctor;

import io.refinery.console.doctor.Capability.NotMade;
import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.process.ChildJvm;
import io.refinery.console.process.ChildJvm.End;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;

/**
 * Tries engines, each on each device in a process of its own: their native libraries do not go with
 * each other, and a crash of one is a finding.
 *
 * @param program that does it, with the arguments of a {@link ProbeTask}
 * @param seconds that each measurement takes; 0 for none
 * @param patience with one process
 * @param options of all engines
 */
record EngineExaminer(Class<?> program, double seconds, Duration patience, EngineOptions options) {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** One that measures for a second each. */
  static EngineExaminer withSpeeds(EngineOptions options) {
    return new EngineExaminer(EngineProbe.class, 1, PATIENCE, options);
  }

  /** One that only sees what loads. */
  static EngineExaminer brief(EngineOptions options) {
    return new EngineExaminer(EngineProbe.class, 0, PATIENCE, options);
  }

  /** What {@code engine} can do on {@code device}, as far as {@code uses} ask. */
  ExaminationResult examine(String engine, String device, Set<EngineUse> uses)
      throws IOException, InterruptedException {
    ExaminationResult asked = ExaminationResult.nothing(engine, device);
    Set<EngineUse> possible = EnumSet.noneOf(EngineUse.class);
    for (EngineUse use : uses) {
      if (isMadeTo(use, engine)) {
        possible.add(use);
      } else {
        asked = asked.with(use, new NotMade());
      }
    }
    return possible.isEmpty() ? asked : tried(asked, possible);
  }

  private ExaminationResult tried(ExaminationResult asked, Set<EngineUse> uses)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("refinery-doctor");
    try {
      ProbeTask task =
          new ProbeTask(asked.engine(), asked.device(), uses, seconds, folder, options);
      End end = ChildJvm.run(program, task.toArguments(), folder, patience);
      ExaminationResult found =
          Files.exists(task.result())
              ? Json.mapper().readValue(task.result().toFile(), ExaminationResult.class)
              : ExaminationResult.nothing(asked.engine(), asked.device());
      ExaminationResult complete = asked;
      for (EngineUse use : uses) {
        // What it did not come to is what it failed at.
        complete = complete.with(use, found.to(use).orElseGet(() -> new Unusable(sentence(end))));
      }
      return complete;
    } finally {
      PathUtils.deleteDirectory(folder);
    }
  }

  private static boolean isMadeTo(EngineUse use, String engine) {
    return EnginePluginLoader.engines(use.kind()).stream()
        .anyMatch(one -> one.name().equals(engine));
  }

  private static String sentence(End end) {
    if (end instanceof End.Exited exited) {
      return "The process that tried it ended with exit code %d%s"
          .formatted(exited.code(), words(exited.lastWords()));
    }
    End.Hung hung = (End.Hung) end;
    return "The process that tried it had not ended after %d s%s"
        .formatted(hung.patience().toSeconds(), words(hung.lastWords()));
  }

  private static String words(String lastWords) {
    return lastWords.isEmpty() ? "." : ": " + lastWords;
  }
}
