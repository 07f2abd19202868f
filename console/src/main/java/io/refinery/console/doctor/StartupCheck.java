package io.refinery.console.doctor;

import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.UnusableEngines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the engines that services may use before this process loads one. Logs the results; engines
 * that cannot be used are not tried again in this process.
 */
public final class StartupCheck {

  private static final Logger LOG = LoggerFactory.getLogger(StartupCheck.class);

  private StartupCheck() {}

  /** Checks the engines for a worker. */
  public static void ofWorker(Settings settings) throws IOException, InterruptedException {
    examine(settings, List.of(Service.worker(settings.worker())));
  }

  /** Checks the engines for a trainer. */
  public static void ofTrainer(Settings settings) throws IOException, InterruptedException {
    examine(settings, List.of(Service.trainer(settings.trainer())));
  }

  /** Checks the engines for a worker and a trainer in one process. */
  public static void ofBoth(Settings settings) throws IOException, InterruptedException {
    examine(
        settings, List.of(Service.worker(settings.worker()), Service.trainer(settings.trainer())));
  }

  private static void examine(Settings settings, List<Service> services)
      throws IOException, InterruptedException {
    Optional<EngineExaminer> examination = examination(settings);
    if (examination.isEmpty()) {
      return;
    }
    LOG.info("Trying the engines on this machine; refinery.engines.examine=none skips this");
    List<ExaminationResult> examined = new ArrayList<>();
    for (Device device : services.stream().map(Service::device).distinct().toList()) {
      for (String engine : EnginePluginLoader.names()) {
        Set<EngineUse> uses = uses(services, engine, device);
        if (!uses.isEmpty()) {
          examined.add(examination.get().examine(engine, device.toString(), uses));
        }
      }
    }
    examined.forEach(StartupCheck::excludeUnusable);
    DoctorReport report = DoctorReport.of(Machine.here(), NvidiaSmi.ask(), examined);
    LOG.info(
        "Engines on this machine:{}{}",
        System.lineSeparator(),
        String.join(System.lineSeparator(), DoctorReportText.of(report)));
  }

  private static Optional<EngineExaminer> examination(Settings settings) {
    EngineOptions options = EngineOptionsFactory.of(settings);
    return switch (settings.engines().examine()) {
      case SPEEDS -> Optional.of(EngineExaminer.withSpeeds(options));
      case BRIEF -> Optional.of(EngineExaminer.brief(options));
      case NONE -> Optional.empty();
    };
  }

  /** Returns what the services may use {@code engine} for on {@code device}. */
  private static Set<EngineUse> uses(List<Service> services, String engine, Device device) {
    Set<EngineUse> uses = EnumSet.noneOf(EngineUse.class);
    services.stream()
        .filter(service -> service.mayTake(engine, device))
        .forEach(service -> uses.add(service.use()));
    return uses;
  }

  private static void excludeUnusable(ExaminationResult one) {
    for (EngineUse use : EngineUse.values()) {
      if (one.to(use).orElse(null) instanceof Unusable unusable) {
        UnusableEngines.add(
            use.kind(), one.engine(), Device.parse(one.device()), unusable.missing());
      }
    }
  }

  private record Service(EngineUse use, String engine, Device device) {

    static Service worker(Settings.Worker worker) {
      return new Service(EngineUse.REFINE, worker.engine(), worker.device());
    }

    static Service trainer(Settings.Trainer trainer) {
      return new Service(EngineUse.TRAIN, trainer.engine(), trainer.device());
    }

    boolean mayTake(String name, Device on) {
      return device.equals(on) && (EngineSelection.isAuto(engine) || engine.equalsIgnoreCase(name));
    }
  }
}
