package io.refinery.embedded;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a child JVM with one Kafka node, so that each node of a cluster can be killed on
 * its own. It prints {@code ready} to standard output and logs to standard error. It stops cleanly
 * on SIGTERM, and exits at once at the end of its standard input.
 */
final class NodeMain {

  private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);

  private NodeMain() {}

  /**
   * Starts the node.
   *
   * @param args folder of the nodes' data, relative to the working directory; the node's index from
   *     0; the cluster's ID; the broker ports and the controller ports of all nodes, separated by
   *     commas
   */
  public static void main(String[] args) {
    try {
      KafkaSettings settings =
          new KafkaSettings(Path.of(args[0]), numbers(args[3]), numbers(args[4]));
      KafkaCluster node = KafkaCluster.startOne(settings, Integer.parseInt(args[1]), args[2]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "stop"));
      PrintStream out = System.out;
      out.println(EmbeddedServers.READY);
      out.flush();
      while (System.in.read() != -1) {
        // Only the end of the input matters.
      }
      // Without a parent, no other node may be left to stop cleanly with.
      Runtime.getRuntime().halt(0);
    } catch (Exception | InternalError e) {
      LOG.error("The Kafka node did not start", e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static List<Integer> numbers(String list) {
    return Stream.of(list.split(",", -1)).map(Integer::valueOf).toList();
  }

  private static void stop(KafkaCluster node) {
    try (node) {
      LOG.info("Stopping");
    } catch (Exception e) {
      LOG.error("The Kafka node did not stop cleanly", e);
    }
  }
}
