package io.refinery.worker;

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

/** Makes the Kafka clients of a worker. */
final class Clients {

  private final WorkerConfig config;

  Clients(WorkerConfig config) {
    this.config = config;
  }

  Admin admin() {
    return Admin.create(with(Map.of()));
  }

  Producer<String, byte[]> producer() {
    return new KafkaProducer<>(
        with(
            Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                config.name(),
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true)),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** One record at a time, acknowledged by hand, its lock begun when it is handed over. */
  ShareConsumer<String, byte[]> jobs(int slot) {
    return new KafkaShareConsumer<>(
        with(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                config.delivery().group(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                config.name() + "-" + slot,
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Without a group: every worker hears every move. */
  Consumer<String, byte[]> models() {
    return new KafkaConsumer<>(
        with(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, config.name() + "-models")),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> properties = new HashMap<>(config.broker().properties());
    properties.putAll(own);
    return properties;
  }
}
