package io.refinery.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A topic of one partition in the test's memory, for tests that need no broker. Used by many
 * threads at once.
 */
public final class MemoryTopic {

  /** The longest wait for a record, so that a consumer is closed soon. */
  private static final Duration LONGEST_POLL = Duration.ofMillis(20);

  private final TopicPartition partition;
  private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
  private final List<MemoryConsumer> consumers = new ArrayList<>();
  private int committed;

  public MemoryTopic(String name) {
    partition = new TopicPartition(name, 0);
  }

  /**
   * Adds a record.
   *
   * @param key may be null
   * @param value null for a tombstone
   */
  public synchronized void append(String key, byte[] value, Instant at) {
    records.add(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            records.size(),
            at.toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            key,
            value,
            new RecordHeaders(),
            Optional.empty()));
    notifyAll();
  }

  /** Creates a consumer without a group that reads from the first record on. */
  public Consumer<String, byte[]> fromBeginning() {
    return consumer(0);
  }

  /** Creates a consumer that reads from the first record on that its group has not committed. */
  public synchronized Consumer<String, byte[]> subscriber() {
    return consumer(committed);
  }

  private synchronized Consumer<String, byte[]> consumer(int position) {
    MemoryConsumer consumer = new MemoryConsumer(position);
    consumers.add(consumer);
    return consumer;
  }

  /** Returns how many records the group has committed. */
  public synchronized int committed() {
    return committed;
  }

  /** Returns how many consumers were created. */
  public synchronized int consumers() {
    return consumers.size();
  }

  /** Returns how many consumers are open. */
  public synchronized long open() {
    return consumers.stream().filter(consumer -> !consumer.closed()).count();
  }

  private final class MemoryConsumer extends MockConsumer<String, byte[]> {

    private int position;

    MemoryConsumer(int position) {
      super("earliest");
      this.position = position;
    }

    // Not synchronized: a consumer that waits holds only the topic's lock.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public ConsumerRecords<String, byte[]> poll(Duration timeout) {
      List<ConsumerRecord<String, byte[]>> next = next();
      return next.isEmpty()
          ? ConsumerRecords.empty()
          : new ConsumerRecords<>(Map.of(partition, next), Map.of());
    }

    private List<ConsumerRecord<String, byte[]>> next() {
      synchronized (MemoryTopic.this) {
        long end = System.nanoTime() + LONGEST_POLL.toNanos();
        for (long left = end - System.nanoTime();
            position == records.size() && left > 0;
            left = end - System.nanoTime()) {
          try {
            TimeUnit.NANOSECONDS.timedWait(MemoryTopic.this, left);
          } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
          }
        }
        List<ConsumerRecord<String, byte[]>> next =
            List.copyOf(records.subList(position, records.size()));
        position = records.size();
        return next;
      }
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public Set<TopicPartition> assignment() {
      return Set.of(partition);
    }

    @Override
    public OptionalLong currentLag(TopicPartition of) {
      synchronized (MemoryTopic.this) {
        return OptionalLong.of(records.size() - position);
      }
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void commitSync() {
      synchronized (MemoryTopic.this) {
        committed = position;
      }
    }
  }
}
