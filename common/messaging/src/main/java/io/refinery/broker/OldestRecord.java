package io.refinery.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads when the oldest of some records was written, with a consumer outside any group. */
final class OldestRecord implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  /** At a first offset there may be no record, but only the marker that ends a transaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Supplier<Consumer<String, byte[]>> consumers;
  private Optional<Consumer<String, byte[]>> consumer = Optional.empty();

  /**
   * @param consumers creates a consumer of single records, and a new one after each failure
   */
  OldestRecord(Supplier<Consumer<String, byte[]>> consumers) {
    this.consumers = consumers;
  }

  /**
   * Returns the time of the oldest record at the given offsets; empty if there is none.
   *
   * @throws KafkaException when they cannot be read
   */
  Optional<Instant> at(Map<TopicPartition, Long> offsets) {
    if (offsets.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (consumer.isEmpty()) {
        consumer = Optional.of(consumers.get());
      }
      return read(consumer.get(), offsets);
    } catch (KafkaException e) {
      close();
      throw e;
    }
  }

  private static Optional<Instant> read(
      Consumer<String, byte[]> consumer, Map<TopicPartition, Long> offsets) {
    consumer.assign(offsets.keySet());
    offsets.forEach(consumer::seek);
    Map<TopicPartition, Instant> found = new HashMap<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (found.size() < offsets.size() && System.nanoTime() < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        found.putIfAbsent(
            new TopicPartition(record.topic(), record.partition()), RecordCopy.appended(record));
      }
      consumer.pause(found.keySet());
    }
    consumer.unsubscribe();
    return found.values().stream().min(Instant::compareTo);
  }

  @Override
  public void close() {
    consumer.ifPresent(Consumer::close);
    consumer = Optional.empty();
  }
}
