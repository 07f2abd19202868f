package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes every record of a consumer to a listener, on its own thread. After an outage it continues
 * with a new consumer. A record may be passed twice. A record that the listener cannot handle is
 * logged and skipped, so that it does not block later ones.
 */
public final class RecordListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RecordListener.class);

  private static final Duration POLL = Duration.ofMillis(500);

  /** The client learns where a topic ends between two polls, and the start waits for it. */
  private static final Duration FIRST_POLLS = Duration.ofMillis(50);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Receives every record. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Handles a record. After an outage ({@link Outages}) it is passed again; any other failure
     * skips it.
     */
    void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException;
  }

  private final Supplier<Consumer<String, byte[]>> consumers;
  private final Listener listener;
  private final boolean commits;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final ServiceThread thread;
  private final Object polling = new Object();
  private Optional<Consumer<String, byte[]>> polled = Optional.empty();

  /**
   * @param name the thread's name
   * @param consumers creates a consumer with its topics assigned, and a new one after each failure
   * @param commits whether the consumer belongs to a group and commits the records passed
   */
  public RecordListener(
      String name,
      Supplier<Consumer<String, byte[]>> consumers,
      boolean commits,
      Listener listener) {
    this.consumers = consumers;
    this.commits = commits;
    this.listener = listener;
    this.thread = new ServiceThread(name, this::listen);
  }

  public RecordListener start() {
    thread.start();
    return this;
  }

  /** Returns whether the thread still listens. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Waits until all existing records have been passed on; returns false if it takes too long. */
  public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void listen(ServiceThread self) throws InterruptedException {
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      while (!self.isStopping()) {
        hear(consumer);
      }
    } catch (WakeupException e) {
      log.debug("Woken up by the stop");
    } catch (KafkaException | BrokerException e) {
      log.warn("Cannot listen: {}; retrying in {}", e.getMessage(), PAUSE);
      self.awaitStop(PAUSE);
    }
  }

  private void hear(Consumer<String, byte[]> consumer) throws InterruptedException {
    ConsumerRecords<String, byte[]> records = poll(consumer);
    for (ConsumerRecord<String, byte[]> record : records) {
      hear(record);
    }
    if (commits && !records.isEmpty()) {
      consumer.commitSync();
    }
    boolean atTheEnd =
        !consumer.assignment().isEmpty()
            && consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    if (atTheEnd) {
      caughtUp.countDown();
    }
  }

  private ConsumerRecords<String, byte[]> poll(Consumer<String, byte[]> consumer) {
    synchronized (polling) {
      if (thread.isStopping()) {
        return ConsumerRecords.empty();
      }
      polled = Optional.of(consumer);
    }
    try {
      boolean catchingUp = caughtUp.getCount() > 0 && !consumer.assignment().isEmpty();
      return consumer.poll(catchingUp ? FIRST_POLLS : POLL);
    } finally {
      synchronized (polling) {
        polled = Optional.empty();
      }
    }
  }

  private void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    try {
      listener.hear(record);
    } catch (RuntimeException e) {
      if (Outages.isOutage(e)) {
        throw new BrokerException("The record waits for an outage to end: " + e, e);
      }
      log.error("Skipping the record at {}", RecordCopy.origin(record), e);
    }
  }

  /**
   * Stops after the current record. It does not interrupt the thread, so that the consumer leaves
   * its group.
   */
  @Override
  public void close() {
    synchronized (polling) {
      thread.stop();
      // Only a poll, because a commit that is woken up would let records be passed twice.
      polled.ifPresent(Consumer::wakeup);
    }
    thread.close();
  }
}
