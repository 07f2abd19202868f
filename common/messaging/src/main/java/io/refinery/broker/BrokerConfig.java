package io.refinery.broker;

import io.refinery.message.Topics;
import java.util.Map;

/**
 * The broker and the settings of the topics that Refinery creates.
 *
 * @param properties properties of every Kafka client, at least {@code bootstrap.servers}
 * @param jobPartitions partitions of the jobs' topic if it is created
 * @param replication replicas of each topic that is created
 */
public record BrokerConfig(
    Map<String, Object> properties, Topics topics, int jobPartitions, short replication) {

  public BrokerConfig {
    properties = Map.copyOf(properties);
  }

  /** Returns settings for topics with the default names, one replica and one partition each. */
  public static BrokerConfig at(String bootstrapServers) {
    return new BrokerConfig(
        Map.of("bootstrap.servers", bootstrapServers), Topics.DEFAULT, 1, (short) 1);
  }

  /** Returns the broker's address for messages. */
  Object address() {
    return properties.get("bootstrap.servers");
  }

  /** Omits the properties' values, among which passwords are. */
  @Override
  public String toString() {
    return "BrokerConfig[" + address() + ", " + properties.keySet() + ", " + topics + "]";
  }
}
