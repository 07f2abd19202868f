package io.refinery.broker;

import io.refinery.message.Topics;
import java.util.Map;

/**
 * The broker and the settings of the topics that Refinery creates.
 *
 * @param properties properties of every Kafka client, at least {@code bootstrap.servers}
 * @param jobPartitions partitions of the jobs' topic if it is created; 0 for 1 with share groups
 *     and 64 without
 * @param replication replicas of each topic that is created
 */
public record BrokerConfig(
    Map<String, Object> properties, Topics topics, int jobPartitions, short replication) {

  /** Without share groups, at most as many processes as partitions have work. */
  private static final int GROUP_PARTITIONS = 64;

  public BrokerConfig {
    properties = Map.copyOf(properties);
  }

  /** Returns settings for topics with the default names, one replica and one partition each. */
  public static BrokerConfig at(String bootstrapServers) {
    return new BrokerConfig(
        Map.of("bootstrap.servers", bootstrapServers), Topics.DEFAULT, 1, (short) 1);
  }

  /**
   * Returns the partitions of the jobs' topic.
   *
   * @param shared whether the broker has share groups
   */
  int jobPartitions(boolean shared) {
    return jobPartitions > 0 ? jobPartitions : shared ? 1 : GROUP_PARTITIONS;
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
