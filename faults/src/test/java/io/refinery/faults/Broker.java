package io.refinery.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** A broker of three nodes, each of which can be killed, suspended and restarted on its own. */
final class Broker implements AutoCloseable {

  static final int NODES = 3;

  private static final Duration RECOVERY = Duration.ofMinutes(2);
  private static final int SECONDS = 10;

  /** Prepares a node that has not started yet. */
  @FunctionalInterface
  interface NodeSetup {
    void prepare(KafkaNode node) throws IOException;
  }

  private final List<KafkaNode> nodes = new ArrayList<>();
  private final String bootstrapServers;

  private Broker(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts the nodes and waits until they serve.
   *
   * @param made receives each node before it starts
   */
  static Broker start(Path home, Path folder, NodeSetup made) throws Exception {
    Files.createDirectories(folder);
    List<Integer> ports = freePorts(2 * NODES);
    List<Integer> brokers = ports.subList(0, NODES);
    Broker broker =
        new Broker(
            brokers.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
    String id = clusterId();
    List<String> lists = List.of(list(brokers), list(ports.subList(NODES, 2 * NODES)));
    try {
      for (int index = 0; index < NODES; index++) {
        KafkaNode node = new KafkaNode(home, folder, index, id, lists);
        broker.nodes.add(node);
        made.prepare(node);
        node.start();
      }
      for (KafkaNode node : broker.nodes) {
        node.awaitReady();
      }
    } catch (Exception e) {
      broker.close();
      throw e;
    }
    return broker;
  }

  private static String list(List<Integer> ports) {
    return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** As Kafka writes UUIDs. */
  private static String clusterId() {
    UUID uuid = UUID.randomUUID();
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits() & Long.MAX_VALUE);
    bytes.putLong(uuid.getLeastSignificantBits());
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    return text.startsWith("-") ? "A" + text.substring(1) : text;
  }

  /** Nodes keep their ports while they are down, so all are chosen before the first starts. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  List<KafkaNode> nodes() {
    return nodes;
  }

  /** Ends all nodes like {@code kill -9}. */
  void kill() throws InterruptedException {
    for (KafkaNode node : nodes) {
      node.kill();
    }
  }

  /** Starts ended nodes again and waits until they serve. */
  void restart(List<KafkaNode> ended) throws Exception {
    for (KafkaNode node : ended) {
      node.start();
    }
    for (KafkaNode node : ended) {
      node.awaitReady();
    }
  }

  /**
   * Waits until every partition has all its replicas in sync. Only then may another node be lost:
   * the guarantees do not hold without two of the three.
   */
  void awaitInSync() {
    try (Admin admin =
        Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
      await().atMost(RECOVERY).ignoreExceptions().until(() -> isInSync(admin));
    }
  }

  private static boolean isInSync(Admin admin) throws Exception {
    var names = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
    return admin
        .describeTopics(names)
        .allTopicNames()
        .get(SECONDS, TimeUnit.SECONDS)
        .values()
        .stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(partition -> partition.isr().size() == partition.replicas().size());
  }

  @Override
  public void close() {
    nodes.forEach(KafkaNode::close);
  }
}
