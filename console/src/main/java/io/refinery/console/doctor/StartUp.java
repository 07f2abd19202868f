package io.refinery.console.doctor;

import io.refinery.console.config.Settings;
import io.refinery.console.doctor.Ability.Unusable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineFamilies;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.UnusableEngines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the engines that services may take, before this process loads one: what was found goes into
 * the log, and what cannot be used is not tried again in here.
 */
public final class StartUp {

  private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);

  private StartUp() {}

  /** Before a worker is started. */
  public static void ofWorker(Settings settings) throws IOException, InterruptedException {
    examine(settings, List.of(Service.worker(settings.worker())));
  }

  /** Before a trainer is started. */
  public static void ofTrainer(Settings settings) throws IOException, InterruptedException {
    examine(settings, List.of(Service.trainer(settings.trainer())));
  }

  /** Before both are started in one process. */
  public static void ofBoth(Settings settings) throws IOException, InterruptedException {
    examine(
        settings, List.of(Service.worker(settings.worker()), Service.trainer(settings.trainer())));
  }

  private static void examine(Settings settings, List<Service> services)
      throws IOException, InterruptedException {
    if (!settings.engines().examine()) {
      return;
    }
    List<Examined> examined = new ArrayList<>();
    for (String device : services.stream().map(Service::device).distinct().toList()) {
      for (String engine : EngineFamilies.names()) {
        if (services.stream().anyMatch(service -> service.mayTake(engine, device))) {
          examined.add(Examination.brief().examine(engine, device));
        }
      }
    }
    examined.forEach(StartUp::passOverWhatIsUnusable);
    Report report = Report.of(Machine.here(), NvidiaSmi.ask(), examined, uses(services));
    LOG.info(
        "Engines here:{}{}",
        System.lineSeparator(),
        String.join(System.lineSeparator(), ReportText.of(report)));
  }

  private static Set<Use> uses(List<Service> services) {
    Set<Use> uses = EnumSet.noneOf(Use.class);
    services.forEach(service -> uses.add(service.use()));
    return uses;
  }

  private static void passOverWhatIsUnusable(Examined one) {
    for (Use use : Use.values()) {
      if (one.to(use).orElse(null) instanceof Unusable unusable) {
        UnusableEngines.add(
            use.kind(), one.engine(), Device.parse(one.device()), unusable.missing());
      }
    }
  }

  private record Service(Use use, String engine, String device) {

    static Service worker(Settings.Worker worker) {
      return new Service(Use.REFINE, worker.engine(), worker.device());
    }

    static Service trainer(Settings.Trainer trainer) {
      return new Service(Use.TRAIN, trainer.engine(), trainer.device());
    }

    boolean mayTake(String name, String on) {
      return device.equals(on) && (EngineSelection.isAuto(engine) || engine.equalsIgnoreCase(name));
    }
  }
}
