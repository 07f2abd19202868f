package io.refinery.faults;

import io.refinery.message.Topics;
import io.refinery.storage.ObjectStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * All that an auditor reads: whole topics, and a bucket.
 *
 * @param jobs every message, copies among them
 * @param controls every message about a job, keyed by its id
 * @param dead the dead letters
 * @param storage reaches the store directly; the caller closes it
 */
record Evidence(
    List<ConsumerRecord<String, byte[]>> jobs,
    List<ConsumerRecord<String, byte[]>> controls,
    List<ConsumerRecord<String, byte[]>> results,
    List<ConsumerRecord<String, byte[]>> dead,
    ObjectStorage storage,
    String bucket) {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Reads the topics from beginning to end; each has one partition. */
  static Evidence read(
      String bootstrapServers, Topics topics, ObjectStorage storage, String bucket) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      return new Evidence(
          whole(consumer, topics.jobs()),
          whole(consumer, topics.jobControl()),
          whole(consumer, topics.results()),
          whole(consumer, topics.dead()),
          storage,
          bucket);
    }
  }

  private static List<ConsumerRecord<String, byte[]>> whole(
      KafkaConsumer<String, byte[]> consumer, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    while (consumer.position(partition) < end) {
      consumer.poll(POLL).forEach(records::add);
    }
    return records;
  }
}
