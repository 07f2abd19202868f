package io.refinery.broker;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes the Kafka clients of a service; whoever asks for one closes it. */
public final class KafkaClients {

  /** After which the partitions of a process that died are another's. */
  private static final int SESSION_MS = 10_000;

  private final BrokerConfig broker;
  private final String name;

  /**
   * @param name of the service's process, which its clients' names begin with
   */
  public KafkaClients(BrokerConfig broker, String name) {
    this.broker = broker;
    this.name = name;
  }

  public Admin admin() {
    return Admin.create(with(Map.of()));
  }

  /** One that is told only when all copies are written. */
  public Producer<String, byte[]> producer() {
    return new KafkaProducer<>(
        with(
            Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                name,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true)),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** One record at a time, acknowledged by hand, its lock begun when it is handed over. */
  public ShareConsumer<String, byte[]> member(ShareGroup group, int number) {
    return new KafkaShareConsumer<>(
        with(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group.name(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                name + "-" + number,
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Without a group: every process hears every record. */
  public Consumer<String, byte[]> listener(String purpose) {
    return new KafkaConsumer<>(
        with(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, name + "-" + purpose)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /** One of an ordinary group, which shares the partitions; what was heard is committed by hand. */
  public Consumer<String, byte[]> subscriber(String group) {
    return new KafkaConsumer<>(
        with(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.CLIENT_ID_CONFIG,
                name + "-" + group,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_MS)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> properties = new HashMap<>(broker.properties());
    properties.putAll(own);
    return properties;
  }
}
