package io.refinery.console.cli;

import io.refinery.engine.EnginePluginLoader;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.TrainingEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that runs an engine: which engine, on which device. */
public final class EngineFlags {

  private static final String WORKER = "refinery.worker.";
  private static final String TRAINER = "refinery.trainer.";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "auto (default), dl4j, onnx or torch. Sets refinery.worker.engine, refinery.trainer.engine"
              + " or both. onnx cannot train: commands that refine and train use it to refine only."
              + " `refinery doctor` shows what this machine can use.")
  private Optional<String> engine = Optional.empty();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "cpu (default), or cuda:0 for the first GPU. Sets refinery.worker.device,"
              + " refinery.trainer.device or both.")
  private Optional<String> device = Optional.empty();

  /** Returns whether any of these options was given. */
  public boolean given() {
    return engine.isPresent() || device.isPresent();
  }

  /** Returns these options as settings of a worker. */
  public Map<String, String> ofWorker() {
    return settings(WORKER, engine);
  }

  /** Returns these options as settings of a trainer. */
  public Map<String, String> ofTrainer() {
    return settings(TRAINER, engine);
  }

  /** Returns them as settings of both, without the trainer's engine if this engine cannot train. */
  public Map<String, String> ofBoth() {
    Map<String, String> both = ofWorker();
    both.putAll(settings(TRAINER, engine.filter(EngineFlags::mayTrain)));
    return both;
  }

  private static boolean mayTrain(String name) {
    return EngineSelection.isAuto(name)
        || EnginePluginLoader.engines(TrainingEngine.class).stream()
            .anyMatch(engine -> engine.name().equalsIgnoreCase(name));
  }

  private Map<String, String> settings(String service, Optional<String> engineOfService) {
    Map<String, String> settings = new HashMap<>();
    engineOfService.ifPresent(name -> settings.put(service + "engine", name));
    device.ifPresent(name -> settings.put(service + "device", name));
    return settings;
  }
}
