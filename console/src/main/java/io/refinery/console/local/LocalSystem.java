package io.refinery.console.local;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.Channels;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.Trainers;
import io.refinery.console.work.Workers;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.embedded.ServerOptions;
import io.refinery.message.TopicSetup;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/**
 * The whole system on one machine: broker and object store in a child JVM, the shipped model, and
 * one worker and one trainer in this process.
 */
public final class LocalSystem implements AutoCloseable {

  /** Property that the launcher sets: where the embedded servers' program lies. */
  private static final String PROGRAM = "refinery.embedded.home";

  private final EmbeddedServers servers;
  private final Connections connections;
  private final Worker worker;
  private final TrainerService trainer;

  private LocalSystem(
      EmbeddedServers servers, Connections connections, Worker worker, TrainerService trainer) {
    this.servers = servers;
    this.connections = connections;
    this.worker = worker;
    this.trainer = trainer;
  }

  /**
   * Starts everything; what was started is closed again where a later part fails.
   *
   * @param data folder of the servers' data
   * @param settings makes the settings, given the properties that lead to the servers
   */
  public static LocalSystem start(
      Path data, ServerOptions options, Function<Map<String, String>, Configuration> settings)
      throws IOException {
    EmbeddedServers servers = EmbeddedServers.start(program(), data, options);
    try {
      Connections connections = Connections.open(settings.apply(properties(servers)).settings());
      try {
        prepare(connections);
        return withServices(servers, connections);
      } catch (IOException | RuntimeException e) {
        connections.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  private static LocalSystem withServices(EmbeddedServers servers, Connections connections) {
    Worker worker = Workers.start(connections);
    try {
      return new LocalSystem(servers, connections, worker, Trainers.start(connections));
    } catch (RuntimeException e) {
      worker.close();
      throw e;
    }
  }

  private static Path program() {
    String program = System.getProperty(PROGRAM);
    if (program == null) {
      throw new ConfigurationException(
          "The embedded servers are not found: start by the launcher ./refinery, or set -D"
              + PROGRAM
              + " to embedded/target.");
    }
    return Path.of(program);
  }

  private static Map<String, String> properties(EmbeddedServers servers) {
    return Map.of(
        "refinery.kafka.bootstrap-servers", servers.bootstrapServers(),
        "refinery.storage.endpoint", servers.s3Endpoint().toString(),
        "refinery.storage.access-key", servers.accessKey(),
        "refinery.storage.secret-key", servers.secretKey());
  }

  private static void prepare(Connections connections) throws IOException {
    Settings.Kafka kafka = connections.settings().kafka();
    connections.storage().ensureBucket(connections.bucket());
    try (Admin admin = connections.admin()) {
      new TopicSetup(admin, connections.topics())
          .ensureTopics(kafka.jobPartitions(), kafka.replicationFactor());
    }
    ShippedModel.publishWhereMissing(connections.registry(), new Channels(connections));
  }

  /** The way to its broker and store. */
  public Connections connections() {
    return connections;
  }

  /** The properties that lead others to its servers. */
  Map<String, String> properties() {
    return properties(servers);
  }

  /** The servers' process, to be told when it ends. */
  EmbeddedServers servers() {
    return servers;
  }

  /** Stops trainer and worker, which hand back what they have not finished, then the servers. */
  @Override
  public void close() {
    try (servers;
        connections;
        worker;
        trainer) {
      // Closed in the opposite order, each even where another fails.
    }
  }
}
