package io.refinery.faults;

import io.refinery.message.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Watches the results, to know when a run is over. */
final class ResultWatch implements AutoCloseable {

  private final KafkaConsumer<String, byte[]> consumer;
  private final Set<String> ids = new HashSet<>();
  private long last = System.nanoTime();

  ResultWatch(String bootstrapServers, Topics topics) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition(topics.results(), 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Returns how many ids have a result. */
  synchronized int ids() {
    look();
    return ids.size();
  }

  /** Returns how long ago the last result came. */
  synchronized Duration quietFor() {
    look();
    return Duration.ofNanos(System.nanoTime() - last);
  }

  private void look() {
    ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(100));
    records.forEach(record -> ids.add(record.key()));
    if (!records.isEmpty()) {
      last = System.nanoTime();
    }
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
