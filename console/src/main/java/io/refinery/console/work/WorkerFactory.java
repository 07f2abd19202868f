package io.refinery.console.work;

import io.refinery.broker.BrokerConfig;
import io.refinery.bundle.BundleLimits;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.registry.ModelReference;
import io.refinery.status.StatusServer;
import io.refinery.worker.ImageMemory;
import io.refinery.worker.StoreCleaner;
import io.refinery.worker.StoreSweep;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Starts workers from settings. */
public final class WorkerFactory {

  /** For no model at all: a setting cannot be empty. */
  private static final String NONE = "none";

  private WorkerFactory() {}

  /**
   * Starts a worker in this process.
   *
   * @throws ConfigurationException naming the setting that is invalid
   */
  public static Worker start(Connections connections) {
    return Worker.start(config(connections), connections.storage());
  }

  /**
   * Starts to sweep the store periodically. The caller closes the cleaner.
   *
   * @throws ConfigurationException naming the setting that is invalid
   */
  public static StoreCleaner cleaner(Connections connections) {
    return StoreCleaner.start(sweep(connections), cleaning(connections).interval());
  }

  /**
   * Returns a sweep of the store with the age of the settings.
   *
   * @throws ConfigurationException naming the setting that is invalid
   */
  public static StoreSweep sweep(Connections connections) {
    return new StoreSweep(connections.storage(), connections.bucket(), cleaning(connections).age());
  }

  private static Settings.Cleaning cleaning(Connections connections) {
    Settings.Cleaning cleaning = connections.settings().cleaning();
    if (cleaning.age().isNegative() || cleaning.age().isZero()) {
      throw new ConfigurationException(
          "refinery.cleaning.age must be more than zero, not " + cleaning.age());
    }
    if (cleaning.interval().isNegative()) {
      throw new ConfigurationException(
          "refinery.cleaning.interval must be zero or more, not " + cleaning.interval());
    }
    return cleaning;
  }

  /**
   * Checks a worker's settings before time is spent on startup.
   *
   * @throws ConfigurationException naming the setting that is missing or invalid
   */
  public static void check(Settings settings) {
    try (Connections connections = Connections.open(settings)) {
      config(connections);
      cleaning(connections);
    }
  }

  private static WorkerConfig config(Connections connections) {
    Settings.Worker worker = connections.settings().worker();
    Settings.Kafka kafka = connections.settings().kafka();
    WorkerConfig.Delivery defaults = WorkerConfig.Delivery.DEFAULT;
    try {
      return new WorkerConfig(
          WorkerConfig.randomName(),
          new BrokerConfig(
              connections.kafka(),
              connections.topics(),
              kafka.jobPartitions(),
              kafka.replicationFactor()),
          new WorkerConfig.Delivery(
              worker.group(),
              defaults.lock(),
              defaults.deliveries(),
              defaults.retryDelay(),
              defaults.jobsAtATime(),
              defaults.grace()),
          new WorkerConfig.TimeLimits(worker.timeLimit(), worker.stallLimit()),
          connections.bucket(),
          Set.copyOf(worker.allowedBuckets().orElse(List.of(connections.bucket()))),
          limits(worker.limits()),
          worker.batchSize().count(),
          worker.engine(),
          worker.device(),
          worker.precision(),
          EngineOptionsFactory.of(connections.settings()),
          new WorkerConfig.Models(
              worker.modelPollInterval(),
              WorkerConfig.Models.DEFAULT.announcements(),
              WorkerConfig.Models.DEFAULT.kept(),
              connections.modelKeys().trusted(),
              warm(worker.warm())),
          connections.settings().home().resolve("work"),
          StatusServer.address(worker.statusAddress(), worker.statusPort()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("refinery.worker: " + e.getMessage(), e);
    }
  }

  private static Set<ModelReference> warm(List<String> models) {
    return models.equals(List.of(NONE))
        ? Set.of()
        : models.stream().map(ModelReference::parse).collect(Collectors.toSet());
  }

  private static BundleLimits limits(Settings.Worker.Limits limits) {
    OptionalInt pixels = limits.pixels().count();
    return new BundleLimits(
        limits.bytes().toBytes(),
        limits.side(),
        limits.images(),
        limits.inflation(),
        pixels.isPresent() ? pixels.getAsInt() : ImageMemory.pixels());
  }
}
