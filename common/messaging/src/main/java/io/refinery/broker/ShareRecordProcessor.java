package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one record at a time from a share group. One thread owns the consumer and renews the
 * record's lock; another does the work.
 *
 * <p>The consumer never holds a record that is not being processed: its lock would not be renewed
 * and would expire, using up a delivery each time, and the record would wait behind this one while
 * other members are idle. The client fetches ahead in two cases. A poll that returns leaves its
 * fetch running, and the next poll may start another while the first is answered, so one poll lasts
 * until a record arrives or the processor stops. A renewal sent by a poll starts a fetch, so
 * renewals are committed, and the next poll returns the renewed record without a fetch.
 *
 * <p>The client stops fetching within a poll when a fetch brings nothing but the marker that ends a
 * transaction. That poll is woken up, which is safe because no fetch is running then.
 *
 * <p>A group divides a topic's partitions among all its members, so that records in the partitions
 * of a busy member wait for it. The topic must therefore have one partition; {@link SingleQueue}
 * provides one for any topic.
 */
public final class ShareRecordProcessor implements RecordProcessor {

  private static final Logger log = LoggerFactory.getLogger(ShareRecordProcessor.class);

  private static final Duration UNTIL_WOKEN = Duration.ofDays(1);
  private static final Duration COMMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration READY_PAUSE = Duration.ofMillis(200);

  /** Longer than a fetch, which lasts half a second when there are no records. */
  private static final Duration WATCH = Duration.ofSeconds(1);

  /** A lock is renewed after this fraction of its time. */
  private static final int RENEWALS_PER_LOCK = 3;

  private final Supplier<ShareConsumer<String, byte[]>> consumers;
  private final String topic;
  private final Work work;
  private final Duration lock;
  private final ExecutorService worker;
  private final ServiceThread poller;
  private final Object polling = new Object();
  private final FetchCount fetches = new FetchCount();
  private final ServiceThread watch;
  private Optional<ShareConsumer<String, byte[]>> polled = Optional.empty();
  private boolean busy;

  /**
   * @param consumers creates a consumer, and a new one after each failure
   * @param lock duration of a lock, used if the broker does not report it
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
    this.poller = new ServiceThread(name + "-poll", this::serve);
    this.watch = new ServiceThread(name + "-watch", this::watch);
  }

  @Override
  public ShareRecordProcessor start() {
    poller.start();
    watch.start();
    return this;
  }

  @Override
  public boolean isAlive() {
    return poller.isAlive();
  }

  private void serve(ServiceThread self) throws InterruptedException {
    if (!work.isReady()) {
      self.awaitStop(READY_PAUSE);
      return;
    }
    Optional<Future<AcknowledgeType>> unlocked = Optional.empty();
    try (ShareConsumer<String, byte[]> consumer = consumers.get()) {
      consumer.subscribe(List.of(topic));
      while (!self.isStopping() && unlocked.isEmpty() && work.isReady()) {
        Optional<ConsumerRecord<String, byte[]>> record = take(consumer);
        if (record.isPresent()) {
          unlocked = work.labelled(record.get(), () -> process(consumer, record.get()));
          setBusy(unlocked.isPresent());
        }
      }
    } catch (WakeupException e) {
      log.debug("Woken up while acknowledging a record");
    } catch (KafkaException e) {
      log.warn("Cannot take records from {}; retrying in {}", topic, PAUSE, e);
      self.awaitStop(PAUSE);
    }
    // The next record would have to wait: the work on this one must end first.
    unlocked.ifPresent(ShareRecordProcessor::awaitEnd);
    setBusy(false);
  }

  private void setBusy(boolean busy) {
    synchronized (polling) {
      this.busy = busy;
    }
  }

  /** Ends polls in which the client has stopped to fetch, so that the next one fetches again. */
  private void watch(ServiceThread self) throws InterruptedException {
    while (!self.awaitStop(WATCH)) {
      synchronized (polling) {
        polled.filter(fetches::hasStopped).ifPresent(ShareConsumer::wakeup);
      }
    }
  }

  /** Waits for a record without a time limit; returns empty if the processor stops. */
  private Optional<ConsumerRecord<String, byte[]>> take(ShareConsumer<String, byte[]> consumer) {
    synchronized (polling) {
      if (poller.isStopping()) {
        return Optional.empty();
      }
      polled = Optional.of(consumer);
      fetches.reset();
    }
    boolean taken = false;
    try {
      Iterator<ConsumerRecord<String, byte[]>> records = consumer.poll(UNTIL_WOKEN).iterator();
      if (!records.hasNext()) {
        return Optional.empty();
      }
      ConsumerRecord<String, byte[]> first = records.next();
      // The client asks for one record; release any others to idle members.
      records.forEachRemaining(other -> consumer.acknowledge(other, AcknowledgeType.RELEASE));
      taken = true;
      return Optional.of(first);
    } catch (WakeupException e) {
      log.debug("Woken up, by a stop or because the client fetched no more");
      return Optional.empty();
    } finally {
      synchronized (polling) {
        polled = Optional.empty();
        busy = taken;
      }
    }
  }

  /** Returns the work on a record whose lock was lost before the work ended. */
  private Optional<Future<AcknowledgeType>> process(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
    if (worker.isShutdown()) {
      acknowledge(consumer, record, work.decline(record));
      return Optional.empty();
    }
    Future<AcknowledgeType> end = worker.submit(() -> work.run(record));
    ConsumerRecord<String, byte[]> held = record;
    while (true) {
      AcknowledgeType type = await(end, held, renewAfter(consumer));
      if (type != AcknowledgeType.RENEW) {
        acknowledge(consumer, held, type);
        return Optional.empty();
      }
      Optional<ConsumerRecord<String, byte[]>> renewed = renew(consumer, held);
      if (renewed.isEmpty()) {
        work.lockLost();
        return Optional.of(end);
      }
      work.renewed();
      held = renewed.get();
    }
  }

  private Duration renewAfter(ShareConsumer<String, byte[]> consumer) {
    Duration granted = consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(lock);
    return granted.dividedBy(RENEWALS_PER_LOCK);
  }

  private static AcknowledgeType await(
      Future<AcknowledgeType> end, ConsumerRecord<String, byte[]> record, Duration atMost) {
    try {
      return end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return AcknowledgeType.RENEW;
    } catch (ExecutionException e) {
      log.error("The work on {} failed unexpectedly", RecordCopy.origin(record), e.getCause());
      return AcknowledgeType.RELEASE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AcknowledgeType.RELEASE;
    }
  }

  /**
   * Renews a record's lock; returns empty if it was lost and another member may have the record.
   */
  private Optional<ConsumerRecord<String, byte[]>> renew(
      ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
    consumer.acknowledge(record, AcknowledgeType.RENEW);
    Optional<KafkaException> failure;
    try {
      failure = commit(consumer);
    } catch (WakeupException e) {
      // The stop ended the wait, not the broker: the lock is still renewed.
      failure = Optional.empty();
    } catch (KafkaException e) {
      failure = Optional.of(e);
    }
    if (failure.isPresent()) {
      log.warn(
          "The lock of {} was lost: {}", RecordCopy.origin(record), failure.get().getMessage());
      return Optional.empty();
    }
    Iterator<ConsumerRecord<String, byte[]>> renewed = consumer.poll(COMMIT).iterator();
    return renewed.hasNext() ? Optional.of(renewed.next()) : Optional.empty();
  }

  private static void acknowledge(
      ShareConsumer<String, byte[]> consumer,
      ConsumerRecord<String, byte[]> record,
      AcknowledgeType type) {
    consumer.acknowledge(record, type);
    commit(consumer)
        .ifPresent(
            failure ->
                log.warn(
                    "{} of {} came too late, so it will be delivered again: {}",
                    type,
                    RecordCopy.origin(record),
                    failure.getMessage()));
  }

  private static Optional<KafkaException> commit(ShareConsumer<String, byte[]> consumer) {
    Map<TopicIdPartition, Optional<KafkaException>> answers = consumer.commitSync(COMMIT);
    return answers.values().stream().flatMap(Optional::stream).findFirst();
  }

  private static void awaitEnd(Future<AcknowledgeType> end) {
    try {
      AcknowledgeType type = end.get();
      log.warn("Work whose lock was lost has ended with {}", type);
    } catch (ExecutionException e) {
      log.error("Work whose lock was lost failed unexpectedly", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops taking records; the current work continues. An idle processor has closed its consumer
   * when this returns, so that it cannot take a record that another one is about to release.
   */
  @Override
  public void takeNoMore() {
    worker.shutdown();
    boolean idle;
    synchronized (polling) {
      poller.stop();
      polled.ifPresent(ShareConsumer::wakeup);
      idle = !busy;
    }
    if (idle) {
      poller.close();
    }
  }

  @Override
  public boolean finish(Duration grace) throws InterruptedException {
    return worker.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Interrupts the current work and returns when it has ended and its record is acknowledged. */
  @Override
  public void close() {
    takeNoMore();
    worker.shutdownNow();
    poller.close();
    watch.close();
  }
}
