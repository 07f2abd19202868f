package io.refinery.console.connection;

import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerConfig;
import io.refinery.broker.KafkaClients;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.message.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/** The broker named in the settings, for programs and parts of them that need no store. */
public final class BrokerConnection {

  static final String TIMEOUT_MS = "10000";

  private BrokerConnection() {}

  /** Returns a broker whose clients give up after 10 seconds without an answer. */
  private static BrokerConfig impatient(Settings settings) {
    Map<String, Object> properties = properties(settings.kafka());
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    return new BrokerConfig(
        properties,
        new Topics(settings.kafka().topicPrefix()),
        settings.kafka().jobPartitions(),
        settings.kafka().replicationFactor());
  }

  /**
   * Opens a reader of what waits on that broker; the caller closes it.
   *
   * @param name prefix of its clients' names
   * @throws ConfigurationException if the settings name no broker
   */
  public static BacklogReader backlog(Settings settings, String name) {
    BrokerConfig broker = impatient(settings);
    return new BacklogReader(broker, new KafkaClients(broker, name));
  }

  /** Returns the properties shared by all Kafka clients. */
  static Map<String, Object> properties(Settings.Kafka kafka) {
    Map<String, Object> properties = new HashMap<>(kafka.properties());
    properties.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        kafka
            .bootstrapServers()
            .orElseThrow(() -> Connections.missing("broker", "--kafka HOST:PORT")));
    return properties;
  }
}
