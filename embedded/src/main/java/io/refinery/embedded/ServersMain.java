package io.refinery.embedded;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of the child JVM: a Kafka cluster and an S3 server on one data folder. It prints
 * their addresses as properties to standard output, then {@code ready}, and logs to standard error.
 * It stops cleanly at the end of its standard input, or on SIGTERM.
 */
final class ServersMain {

  private static final Logger LOG = LoggerFactory.getLogger(ServersMain.class);

  private static final String ACCESS_KEY = "refinery";
  private static final String CLUSTER_ID = "kafka.cluster.id";
  private static final String NODES = "kafka.nodes";

  private ServersMain() {}

  /**
   * Starts the servers.
   *
   * @param args data folder, which is also the working directory; number of Kafka nodes, first
   *     Kafka port, S3 port
   */
  public static void main(String[] args) {
    List<String> arguments = Arrays.asList(args);
    Path data = Path.of(arguments.get(0));
    try {
      start(data, ServerOptions.parse(arguments.subList(1, args.length)));
      while (System.in.read() != -1) {
        // Only the end of the input matters.
      }
      System.exit(0);
    } catch (IllegalStateException e) {
      LOG.error(e.getMessage());
      System.exit(2);
    } catch (Exception | InternalError e) {
      if (ServerDisk.caused(e, data)) {
        LOG.error(ServerDisk.sentence(data));
      } else {
        LOG.error("The embedded servers did not start", e);
      }
      System.exit(1);
    }
  }

  private static void start(Path path, ServerOptions options) throws Exception {
    DataFolder folder = DataFolder.open(path);
    Properties settings = folder.settings();
    requireSameNodes(settings, options, path);
    if (!settings.containsKey(CLUSTER_ID)) {
      settings.setProperty(CLUSTER_ID, Uuid.randomUuid().toString());
    }
    Ports ports = new Ports(settings);
    // Relative to the working directory, since Kafka separates folders by commas.
    KafkaSettings kafkaSettings =
        KafkaSettings.choose(path.relativize(folder.kafka()), ports, options);
    int s3Port = ports.choose("s3.port", options.s3Port());
    folder.keep(settings);

    String secret = folder.secret();
    S3Server s3 = S3Server.start(folder.s3(), s3Port, ACCESS_KEY, secret);
    KafkaCluster kafka =
        KafkaCluster.start(kafkaSettings, folder.kafkaSettings(), settings.getProperty(CLUSTER_ID));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(kafka, s3, folder), "stop"));

    Endpoints endpoints =
        new Endpoints(kafkaSettings.bootstrapServers(), s3.endpoint(), ACCESS_KEY, secret);
    folder.announce(endpoints);
    answer(endpoints);
  }

  private static void requireSameNodes(Properties settings, ServerOptions options, Path path) {
    String asked = Integer.toString(options.kafkaNodes());
    String made = settings.getProperty(NODES, asked);
    if (!made.equals(asked)) {
      throw new IllegalStateException(
          "The data folder "
              + path
              + " was created for "
              + made
              + " Kafka nodes, not "
              + asked
              + ": start it with that number or use another folder");
    }
    settings.setProperty(NODES, asked);
  }

  private static void answer(Endpoints endpoints) throws IOException {
    PrintStream out = System.out;
    endpoints.toProperties().store(out, null);
    out.println(EmbeddedServers.READY);
    out.flush();
  }

  private static void stop(KafkaCluster kafka, S3Server s3, DataFolder folder) {
    try (folder;
        s3;
        kafka) {
      LOG.info("Stopping");
    } catch (Exception e) {
      LOG.error("The embedded servers did not stop cleanly", e);
    }
  }
}
