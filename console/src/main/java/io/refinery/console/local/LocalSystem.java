package io.refinery.console.local;

import io.refinery.concurrent.Closer;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.setup.SystemSetup;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.embedded.ServerOptions;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The whole system on one machine: broker and object store in a child JVM, the shipped model, and
 * one worker and one trainer in this process.
 */
public final class LocalSystem implements AutoCloseable {

  /** Property, set by the launcher, with the location of the embedded servers. */
  private static final String PROGRAM = "refinery.embedded.home";

  /** Placeholders for checking the settings before the servers are started. */
  private static final Map<String, String> UNKNOWN_SERVERS =
      properties("localhost:9092", URI.create("http://localhost:9000"), "unknown", "unknown");

  private final Closer parts = new Closer();
  private final EmbeddedServers servers;
  private final Connections connections;
  private final Worker worker;
  private final TrainerService trainer;

  private LocalSystem(
      Path data, ServerOptions options, Function<Map<String, String>, Configuration> settings)
      throws IOException {
    try {
      servers = parts.add(EmbeddedServers.start(program(), data, options));
      connections = parts.add(Connections.open(settings.apply(properties(servers)).settings()));
      SystemSetup.run(connections);
      // Both share one process and its native libraries. The one set to auto starts second, so that
      // it can pick an engine that is compatible with the first.
      if (EngineSelection.isAuto(connections.settings().worker().engine())) {
        trainer = parts.add(TrainerFactory.start(connections));
        worker = parts.add(WorkerFactory.start(connections));
      } else {
        worker = parts.add(WorkerFactory.start(connections));
        trainer = parts.add(TrainerFactory.start(connections));
      }
      parts.add(WorkerFactory.cleaner(connections));
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /**
   * Starts everything. If a part fails to start, closes those already started.
   *
   * @param data folder for the servers' data
   * @param settings returns the settings, given the properties that connect to the servers
   * @throws ConfigurationException if a setting is invalid, or the engines of worker and trainer
   *     cannot share a process
   */
  public static LocalSystem start(
      Path data, ServerOptions options, Function<Map<String, String>, Configuration> settings)
      throws IOException {
    check(settings);
    return new LocalSystem(data, options, settings);
  }

  /**
   * Checks the settings before time is spent on startup.
   *
   * @throws ConfigurationException if a setting is invalid, or the engines of worker and trainer
   *     cannot share a process; names the settings
   */
  static void check(Function<Map<String, String>, Configuration> settings) {
    Settings set = settings.apply(UNKNOWN_SERVERS).settings();
    requireEnginesThatGoTogether(set);
    WorkerFactory.check(set);
    TrainerFactory.check(set);
  }

  private static void requireEnginesThatGoTogether(Settings settings) {
    String refining = settings.worker().engine();
    String training = settings.trainer().engine();
    EngineSelection.clash(refining, training)
        .ifPresent(
            reason -> {
              throw new ConfigurationException(
                  """
                  Worker and trainer share a process here, but refinery.worker.engine=%s cannot be \
                  loaded together with refinery.trainer.engine=%s. %s Set one of them to auto, or both \
                  to the same engine; you can run `refinery worker --engine %s` separately."""
                      .formatted(refining, training, reason, refining));
            });
  }

  private static Path program() {
    String program = System.getProperty(PROGRAM);
    if (program == null) {
      throw new ConfigurationException(
          "Cannot find the embedded servers: use the launcher refinery, or set -D"
              + PROGRAM
              + " to embedded/target.");
    }
    return Path.of(program);
  }

  private static Map<String, String> properties(EmbeddedServers servers) {
    return properties(
        servers.bootstrapServers(), servers.s3Endpoint(), servers.accessKey(), servers.secretKey());
  }

  private static Map<String, String> properties(
      String broker, URI store, String accessKey, String secretKey) {
    return Map.of(
        "refinery.kafka.bootstrap-servers", broker,
        "refinery.storage.endpoint", store.toString(),
        "refinery.storage.access-key", accessKey,
        "refinery.storage.secret-key", secretKey);
  }

  /** Returns the connections to its broker and store. */
  public Connections connections() {
    return connections;
  }

  /** Returns the engine the worker refines with. */
  EngineSelection<RefiningEngine> refining() {
    return worker.engine();
  }

  /** Returns the engine the trainer trains with. */
  EngineSelection<TrainingEngine> training() {
    return trainer.engine();
  }

  /** Returns the properties with which others connect to its servers. */
  Map<String, String> properties() {
    return properties(servers);
  }

  /** Returns the servers' process, so that callers can watch for its exit. */
  EmbeddedServers servers() {
    return servers;
  }

  /** Returns a future that completes when this process loses the worker's or trainer's device. */
  CompletableFuture<DeviceFailedException> deviceLost() {
    return CompletableFuture.anyOf(worker.deviceLost(), trainer.deviceLost())
        .thenApply(DeviceFailedException.class::cast);
  }

  /** Stops worker and trainer, which hand back unfinished work, then the servers. */
  @Override
  public void close() {
    parts.close();
  }
}
