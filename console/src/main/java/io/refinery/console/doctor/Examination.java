package io.refinery.console.doctor;

import io.refinery.console.doctor.Ability.Unusable;
import io.refinery.engine.EngineFamilies;
import io.refinery.json.Json;
import io.refinery.process.ChildJvm;
import io.refinery.process.ChildJvm.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.io.file.PathUtils;

/**
 * Tries engines, each on each device in a process of its own: their native libraries do not go with
 * each other, and a crash of one is a finding.
 *
 * @param program that does it, with the arguments of a {@link ProbeTask}
 * @param seconds that each measurement takes; 0 for none
 * @param patience with one process
 */
record Examination(Class<?> program, double seconds, Duration patience) {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** One that measures for a second each. */
  static Examination withSpeeds() {
    return new Examination(EngineProbe.class, 1, PATIENCE);
  }

  /** One that only sees what loads. */
  static Examination brief() {
    return new Examination(EngineProbe.class, 0, PATIENCE);
  }

  /** What {@code engine} can do on {@code device}. */
  Examined examine(String engine, String device) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("refinery-doctor");
    try {
      ProbeTask task = new ProbeTask(engine, device, seconds, folder);
      End end = ChildJvm.run(program, task.toArguments(), folder, patience);
      Examined found =
          Files.exists(task.result())
              ? Json.mapper().readValue(task.result().toFile(), Examined.class)
              : Examined.nothing(engine, device);
      return complete(found, end);
    } finally {
      PathUtils.deleteDirectory(folder);
    }
  }

  /** What it did not come to is what it failed at. */
  private static Examined complete(Examined found, End end) {
    Examined complete = found;
    for (Use use : Use.values()) {
      if (complete.to(use).isEmpty() && isMadeTo(use, complete.engine())) {
        complete = complete.with(use, new Unusable(sentence(end)));
      }
    }
    return complete;
  }

  private static boolean isMadeTo(Use use, String engine) {
    return EngineFamilies.engines(use.kind()).stream().anyMatch(one -> one.name().equals(engine));
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
