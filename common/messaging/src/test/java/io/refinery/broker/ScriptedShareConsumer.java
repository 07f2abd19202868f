package io.refinery.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;

/**
 * A {@link MockShareConsumer} that waits in poll like the real one, returns a renewed record again,
 * records every acknowledgement, and can lose a lock.
 */
final class ScriptedShareConsumer extends MockShareConsumer<String, byte[]> {

  private static final TopicIdPartition PARTITION =
      new TopicIdPartition(Uuid.randomUuid(), new TopicPartition("jobs", 0));

  private final BlockingQueue<ConsumerRecord<String, byte[]>> waiting = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> wakeups = new LinkedBlockingQueue<>();
  private final List<String> acknowledged = new ArrayList<>();
  private Optional<ConsumerRecord<String, byte[]>> renewed = Optional.empty();
  private Optional<ConsumerRecord<String, byte[]>> renewing = Optional.empty();
  private volatile boolean stalled;
  private double fetches;
  private boolean losesLocks;
  private boolean closed;

  /** Makes a record arrive. */
  void arrive(long offset) {
    waiting.add(new ConsumerRecord<>("jobs", 0, offset, "key-" + offset, new byte[0]));
  }

  /** Makes the current poll fetch no more, as after a transaction's marker. */
  void stall() {
    stalled = true;
  }

  /** Makes all later renewals fail. */
  synchronized void loseLocks() {
    losesLocks = true;
  }

  /** Returns all acknowledgements in order, such as {@code 3 ACCEPT}. */
  synchronized List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** Returns the number of records that have arrived and were not taken. */
  int waiting() {
    return waiting.size();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  // Not synchronized: other threads add records while a poll waits.
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public ConsumerRecords<String, byte[]> poll(Duration timeout) {
    synchronized (this) {
      if (renewed.isPresent()) {
        ConsumerRecord<String, byte[]> record = renewed.get();
        renewed = Optional.empty();
        return records(record);
      }
    }
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (wakeups.poll(stalled ? 5 : 0, TimeUnit.MILLISECONDS) != null) {
          stalled = false;
          throw new WakeupException();
        }
        ConsumerRecord<String, byte[]> next =
            stalled ? null : waiting.poll(5, TimeUnit.MILLISECONDS);
        if (next != null) {
          return records(next);
        }
      } catch (InterruptedException e) {
        throw new org.apache.kafka.common.errors.InterruptException(e);
      }
    }
    return ConsumerRecords.empty();
  }

  private static ConsumerRecords<String, byte[]> records(ConsumerRecord<String, byte[]> record) {
    return new ConsumerRecords<>(
        Map.of(new TopicPartition(record.topic(), record.partition()), List.of(record)), Map.of());
  }

  @Override
  public synchronized void acknowledge(
      ConsumerRecord<String, byte[]> record, AcknowledgeType type) {
    acknowledged.add(record.offset() + " " + type.name());
    if (type == AcknowledgeType.RENEW) {
      renewing = Optional.of(record);
    }
  }

  @Override
  public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
    if (renewing.isPresent() && losesLocks) {
      renewing = Optional.empty();
      return Map.of(PARTITION, Optional.of(new InvalidRecordStateException("The lock ran out")));
    }
    renewed = renewing;
    renewing = Optional.empty();
    return Map.of(PARTITION, Optional.empty());
  }

  /** Counts the looks as fetches, as long as the client fetches. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Map<MetricName, Metric> metrics() {
    fetches += stalled ? 0 : 1;
    MetricName name =
        new MetricName("fetch-total", "consumer-share-fetch-manager-metrics", "", Map.of());
    return Map.of(
        name,
        new KafkaMetric(
            new Object(), name, (Gauge<Double>) this::fetches, new MetricConfig(), Time.SYSTEM));
  }

  private double fetches(MetricConfig unusedConfig, long unusedNow) {
    return fetches;
  }

  @Override
  public Optional<Integer> acquisitionLockTimeoutMs() {
    return Optional.of(30);
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void wakeup() {
    wakeups.add(true);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
