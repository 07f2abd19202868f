package io.refinery.broker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one record after the other from a share group. One thread owns the consumer and keeps the
 * record's lock by RENEW, another one does the work.
 *
 * <p>A consumer that renews a lock gets no further record until the renewed one is done with, so
 * whoever fetches the next record while it works on this one has two slots.
 */
public final class ShareRecordProcessor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShareRecordProcessor.class);

  /** Does what a record asks for. */
  @FunctionalInterface
  public interface Work {

    /**
     * Works until the record is done with; throws nothing.
     *
     * @return ACCEPT, REJECT, or RELEASE where it shall be delivered again
     */
    AcknowledgeType run(ConsumerRecord<String, byte[]> record);
  }

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration COMMIT = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 1000;

  /** A lock is renewed when this part of its time is over. */
  private static final int RENEWALS_PER_LOCK = 3;

  private final Supplier<ShareConsumer<String, byte[]>> consumers;
  private final String topic;
  private final Work work;
  private final Duration lock;
  private final ExecutorService worker;
  private final Thread poller;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private Optional<Run> current = Optional.empty();

  /** Where a message lies, and the work on it. */
  private record Run(String origin, Future<AcknowledgeType> end) {}

  /**
   * @param consumers makes a consumer, and another one after trouble with the first
   * @param lock used where the broker does not say it
   */
  public ShareRecordProcessor(
      String name,
      Supplier<ShareConsumer<String, byte[]>> consumers,
      String topic,
      Work work,
      Duration lock) {
    this.consumers = consumers;
    this.topic = topic;
    this.work = work;
    this.lock = lock;
    this.worker = Executors.newSingleThreadExecutor(task -> new Thread(task, name));
    this.poller = new Thread(this::poll, name + "-poll");
  }

  public ShareRecordProcessor start() {
    poller.start();
    return this;
  }

  /** Whether it still takes records. */
  public boolean alive() {
    return poller.isAlive();
  }

  private void poll() {
    while (stopping.getCount() > 0) {
      try (ShareConsumer<String, byte[]> consumer = consumers.get()) {
        consumer.setAcknowledgementCommitCallback(
            (offsets, trouble) -> {
              if (trouble != null) {
                log.warn("A lock was lost, {}: {}", offsets.keySet(), trouble.getMessage());
              }
            });
        consumer.subscribe(List.of(topic));
        serve(consumer);
      } catch (RuntimeException e) { // Whatever it is, the next consumer may fare better.
        log.warn("Nothing can be taken from {}; trying again", topic, e);
        pause();
      }
    }
  }

  private void serve(ShareConsumer<String, byte[]> consumer) {
    while (stopping.getCount() > 0 || current.isPresent()) {
      var records = consumer.poll(POLL);
      if (records.isEmpty() && current.filter(run -> run.end().isDone()).isPresent()) {
        log.warn("The work on {} ended after its lock was lost", current.get().origin());
        current = Optional.empty();
      }
      for (ConsumerRecord<String, byte[]> record : records) {
        handle(consumer, record);
      }
    }
  }

  private void handle(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
    String origin = origin(record);
    if (current.filter(run -> run.origin().equals(origin)).isEmpty()) {
      if (stopping.getCount() == 0) {
        acknowledge(consumer, record, AcknowledgeType.RELEASE);
        return;
      }
      current = Optional.of(new Run(origin, worker.submit(() -> work.run(record))));
    }
    AcknowledgeType type = await(current.orElseThrow(), renewAfter(consumer));
    if (type != AcknowledgeType.RENEW) {
      current = Optional.empty();
    }
    acknowledge(consumer, record, type);
  }

  /** Where a record lies: topic, partition and offset. */
  public static String origin(ConsumerRecord<?, ?> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  private Duration renewAfter(ShareConsumer<String, byte[]> consumer) {
    Duration granted = consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(lock);
    return granted.dividedBy(RENEWALS_PER_LOCK);
  }

  private static AcknowledgeType await(Run run, Duration atMost) {
    try {
      return run.end().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return AcknowledgeType.RENEW;
    } catch (ExecutionException e) {
      log.error("The work on {} ended in a way that it must not", run.origin(), e.getCause());
      return AcknowledgeType.RELEASE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AcknowledgeType.RELEASE;
    }
  }

  private static void acknowledge(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> record,
      AcknowledgeType type) {
    consumer.acknowledge(record, type);
    if (type == AcknowledgeType.RENEW) {
      return; // Sent by the next poll, which also waits for the record to come back.
    }
    Map<TopicIdPartition, Optional<KafkaException>> answers = consumer.commitSync(COMMIT);
    answers.forEach(
        (partition, trouble) ->
            trouble.ifPresent(
                e ->
                    log.warn(
                        "{} of {}@{} was too late, it will be delivered again: {}",
                        type,
                        partition,
                        record.offset(),
                        e.getMessage())));
  }

  private void pause() {
    try {
      stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }

  /** Takes no further record; the work that runs goes on. */
  public void takeNoMore() {
    stopping.countDown();
    worker.shutdown();
  }

  /** Waits for the work that runs, at most for {@code grace}; says whether it has ended. */
  public boolean finish(Duration grace) throws InterruptedException {
    return worker.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Interrupts the work that runs and returns when it has ended and the broker was told. */
  @Override
  public void close() {
    stopping.countDown();
    worker.shutdownNow();
    try {
      poller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
