package io.refinery.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The settings of a small cluster in one JVM. Each node is both broker and controller (KRaft).
 *
 * @param folder for the nodes' data; a path without a comma, such as one relative to the working
 *     directory of this process
 * @param brokerPorts one per node
 * @param controllerPorts one per node
 */
record KafkaSettings(Path folder, List<Integer> brokerPorts, List<Integer> controllerPorts) {

  private static final String HOST = "127.0.0.1";

  static KafkaSettings choose(Path folder, Ports ports, ServerOptions options)
      throws java.io.IOException {
    List<Integer> brokers = new ArrayList<>();
    List<Integer> controllers = new ArrayList<>();
    for (int node = 0; node < options.kafkaNodes(); node++) {
      int asked = options.kafkaPort() == 0 ? 0 : options.kafkaPort() + node;
      brokers.add(ports.choose("kafka." + (node + 1) + ".broker.port", asked));
      controllers.add(ports.choose("kafka." + (node + 1) + ".controller.port", 0));
    }
    return new KafkaSettings(folder, List.copyOf(brokers), List.copyOf(controllers));
  }

  int nodes() {
    return brokerPorts.size();
  }

  String bootstrapServers() {
    return brokerPorts.stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
  }

  /**
   * Returns the settings of one node.
   *
   * @param index from 0
   */
  Properties ofNode(int index) {
    Properties properties = new Properties();
    properties.putAll(identity(index));
    properties.putAll(replication());
    properties.putAll(smallFootprint());
    properties.putAll(quickReactions());
    return properties;
  }

  private Map<String, String> identity(int index) {
    String voters =
        IntStream.range(0, nodes())
            .mapToObj(node -> (node + 1) + "@" + HOST + ":" + controllerPorts.get(node))
            .collect(Collectors.joining(","));
    String broker = "PLAINTEXT://" + HOST + ":" + brokerPorts.get(index);
    String controller = "CONTROLLER://" + HOST + ":" + controllerPorts.get(index);
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(index + 1),
        "controller.quorum.voters",
        voters,
        "controller.listener.names",
        "CONTROLLER",
        "listeners",
        broker + "," + controller,
        "advertised.listeners",
        broker,
        "inter.broker.listener.name",
        "PLAINTEXT",
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs",
        folder.resolve("node" + (index + 1)).toString(),
        "auto.create.topics.enable",
        "false");
  }

  private Map<String, String> replication() {
    String factor = Integer.toString(Math.min(3, nodes()));
    String inSync = Integer.toString(Math.max(1, Math.min(3, nodes()) - 1));
    return Map.of(
        "default.replication.factor", factor,
        "min.insync.replicas", inSync,
        "offsets.topic.replication.factor", factor,
        "transaction.state.log.replication.factor", factor,
        "transaction.state.log.min.isr", inSync,
        "share.coordinator.state.topic.replication.factor", factor,
        "share.coordinator.state.topic.min.isr", inSync);
  }

  private static Map<String, String> smallFootprint() {
    return Map.of(
        "offsets.topic.num.partitions", "2",
        "transaction.state.log.num.partitions", "2",
        "share.coordinator.state.topic.num.partitions", "2",
        "log.segment.bytes", Integer.toString(64 << 20),
        // 128 MB of heap by default
        "log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20),
        "num.network.threads", "2",
        "num.io.threads", "2",
        "background.threads", "2",
        "num.replica.fetchers", "1");
  }

  private static Map<String, String> quickReactions() {
    return Map.of(
        // A killed node stays registered until its session times out, and its successor waits for
        // that.
        "broker.session.timeout.ms", "3000",
        "broker.heartbeat.interval.ms", "500",
        "group.initial.rebalance.delay.ms", "0",
        "group.share.min.heartbeat.interval.ms", "500",
        "group.share.heartbeat.interval.ms", "500",
        "group.share.assignment.interval.ms", "0",
        "group.share.min.record.lock.duration.ms", "1000",
        "group.share.max.record.lock.duration.ms", "3600000");
  }
}
