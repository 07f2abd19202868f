package io.refinery.console.work;

import io.refinery.broker.BrokerConfig;
import io.refinery.bundle.BundleLimits;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Starts workers as the settings say. */
public final class WorkerFactory {

  private WorkerFactory() {}

  /**
   * Starts a worker in this process.
   *
   * @throws ConfigurationException naming the setting that a worker cannot have
   */
  public static Worker start(Connections connections) {
    return Worker.start(config(connections), connections.storage());
  }

  /**
   * Sees to it that a worker can be had as it is set, before time is spent on its start.
   *
   * @throws ConfigurationException naming the setting that is missing, or that no worker can have
   */
  public static void check(Settings settings) {
    try (Connections connections = Connections.open(settings)) {
      config(connections);
    }
  }

  private static WorkerConfig config(Connections connections) {
    Settings.Worker worker = connections.settings().worker();
    Settings.Kafka kafka = connections.settings().kafka();
    WorkerConfig.Delivery usual = WorkerConfig.Delivery.DEFAULT;
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
              usual.lock(),
              usual.deliveries(),
              usual.retryDelay(),
              usual.jobsAtATime(),
              usual.grace()),
          connections.bucket(),
          Set.copyOf(worker.allowedBuckets().orElse(List.of(connections.bucket()))),
          limits(worker.limits()),
          batchSize(worker.batchSize()),
          worker.engine(),
          Device.parse(worker.device()),
          Precision.parse(worker.precision()),
          new WorkerConfig.Models(
              worker.modelPollInterval(),
              WorkerConfig.Models.DEFAULT.bell(),
              WorkerConfig.Models.DEFAULT.kept()),
          connections.settings().home().resolve("work"),
          worker.statusPort());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("refinery.worker: " + e.getMessage(), e);
    }
  }

  private static OptionalInt batchSize(String setting) {
    if (setting.strip().equals("auto")) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(setting.strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "batch-size is auto or a number of images, not '" + setting + "'", e);
    }
  }

  private static BundleLimits limits(Settings.Worker.Limits limits) {
    return new BundleLimits(limits.bytes(), limits.side(), limits.images(), limits.inflation());
  }
}
