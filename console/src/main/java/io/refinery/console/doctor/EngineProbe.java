package io.refinery.console.doctor;

import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import io.refinery.engine.Availability;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Device;
import io.refinery.engine.Engine;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The program that tries one engine on one device, in a process that it may end. It writes {@link
 * ExaminationResult} as JSON after each thing that it has tried.
 */
public final class EngineProbe {

  /** Tries a thing for so many seconds. */
  @FunctionalInterface
  private interface Trial {
    /** Images or steps a second. */
    double perSecond(double seconds) throws IOException;
  }

  private final Device device;
  private final Set<EngineUse> uses;
  private final double seconds;
  private final Path folder;
  private final Path result;
  private final EngineOptions options;
  private ExaminationResult examined;

  private EngineProbe(ProbeTask task) {
    device = Device.parse(task.device());
    uses = task.uses();
    seconds = task.seconds();
    folder = task.folder();
    result = task.result();
    options = task.options();
    examined = ExaminationResult.nothing(task.engine(), task.device());
  }

  /** Takes the arguments of a {@link ProbeTask}. */
  public static void main(String[] arguments) throws IOException {
    ParentWatchdog.watch();
    new EngineProbe(ProbeTask.of(List.of(arguments))).run();
    // An engine's threads shall not keep the process.
    System.exit(0);
  }

  private void run() throws IOException {
    if (uses.contains(EngineUse.REFINE)) {
      RefiningEngine engine = engine(RefiningEngine.class);
      write(
          EngineUse.REFINE,
          ability(engine, time -> Speed.refining(engine, device, FreshModel.write(folder), time)));
    }
    if (uses.contains(EngineUse.TRAIN)) {
      TrainingEngine engine = engine(TrainingEngine.class);
      write(EngineUse.TRAIN, ability(engine, time -> Speed.training(engine, device, time)));
    }
  }

  private <E extends Engine> E engine(Class<E> kind) {
    return EnginePluginLoader.engines(kind, options).stream()
        .filter(engine -> engine.name().equals(examined.engine()))
        .findFirst()
        .orElseThrow();
  }

  private Capability ability(Engine engine, Trial trial) throws IOException {
    Availability availability = engine.availability(device);
    if (availability instanceof Availability.Unavailable unavailable) {
      return new Unusable(unavailable.missing());
    }
    try {
      return new Usable(
          ((Available) availability).description(),
          engine.speed(device),
          seconds > 0 ? Optional.of(trial.perSecond(seconds)) : Optional.empty());
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      return new Unusable("It loads, and fails when it is used: " + e);
    }
  }

  /** Whole or not at all, for the process may end at any time. */
  private void write(EngineUse use, Capability ability) throws IOException {
    examined = examined.with(use, ability);
    Path written = Files.write(folder.resolve("result.json.part"), Json.write(examined));
    Files.move(written, result, StandardCopyOption.ATOMIC_MOVE);
  }
}
