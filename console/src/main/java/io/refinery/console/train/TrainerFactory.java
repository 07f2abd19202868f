package io.refinery.console.train;

import io.refinery.broker.BrokerConfig;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.status.StatusServer;
import io.refinery.trainer.service.TrainerConfig;
import io.refinery.trainer.service.TrainerService;
import java.util.List;
import java.util.Set;

/** Starts trainer services from settings. */
public final class TrainerFactory {

  private TrainerFactory() {}

  /**
   * Starts a trainer service in this process.
   *
   * @throws ConfigurationException naming the setting that is invalid
   */
  public static TrainerService start(Connections connections) {
    return TrainerService.start(
        config(connections), connections.storage(), connections.modelKeys());
  }

  /**
   * Checks a trainer's settings before time is spent on startup.
   *
   * @throws ConfigurationException naming the setting that is missing or invalid
   */
  public static void check(Settings settings) {
    try (Connections connections = Connections.open(settings)) {
      config(connections);
    }
  }

  private static TrainerConfig config(Connections connections) {
    Settings.Trainer trainer = connections.settings().trainer();
    Settings.Kafka kafka = connections.settings().kafka();
    try {
      return new TrainerConfig(
          TrainerConfig.randomName(),
          new BrokerConfig(
              connections.kafka(),
              connections.topics(),
              kafka.jobPartitions(),
              kafka.replicationFactor()),
          TrainerConfig.group(trainer.group()),
          TrainerConfig.RETRY_DELAY,
          connections.bucket(),
          Set.copyOf(trainer.allowedBuckets().orElse(List.of(connections.bucket()))),
          trainer.engine(),
          trainer.device(),
          EngineOptionsFactory.of(connections.settings()),
          connections.trainingStore().gate(),
          connections.settings().home().resolve("work"),
          StatusServer.address(trainer.statusAddress(), trainer.statusPort()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("refinery.trainer: " + e.getMessage(), e);
    }
  }
}
