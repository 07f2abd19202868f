package io.refinery.broker;

import io.refinery.message.Topics;
import java.util.Map;

/**
 * The broker, and what its topics are made like.
 *
 * @param properties of every Kafka client, at least {@code bootstrap.servers}
 * @param jobPartitions of the topic of jobs, where it is created
 * @param replication copies of each topic that is created
 */
public record BrokerConfig(
    Map<String, Object> properties, Topics topics, int jobPartitions, short replication) {

  public BrokerConfig {
    properties = Map.copyOf(properties);
  }

  /** Topics with the usual names, one copy and one partition of each. */
  public static BrokerConfig at(String bootstrapServers) {
    return new BrokerConfig(
        Map.of("bootstrap.servers", bootstrapServers), Topics.DEFAULT, 1, (short) 1);
  }

  /** Where it is found, for sentences. */
  Object address() {
    return properties.get("bootstrap.servers");
  }
}
