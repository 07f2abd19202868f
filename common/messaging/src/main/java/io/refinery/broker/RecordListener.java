package io.refinery.broker;

import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every record of a consumer to a listener, on a thread of its own; after an outage it
 * continues with a new consumer. A record may be handed over twice. A record that the listener
 * cannot handle is logged and skipped: it must not hold up those behind it.
 */
public final class RecordListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RecordListener.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Receives every record. */
  @FunctionalInterface
  public interface Listener {

    /** After an outage ({@link Outages}) the record comes again; any other failure skips it. */
    void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException;
  }

  private final Supplier<Consumer<String, byte[]>> consumers;
  private final Listener listener;
  private final boolean commits;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final ServiceThread thread;

  /**
   * @param name of the thread
   * @param consumers makes a consumer with its topics, and another after trouble with the first
   * @param commits whether the consumer belongs to a group, which is told what was handed over
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

  /** Whether it still listens. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Waits until every record that was there has been handed over; false if it takes too long. */
  public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void listen(ServiceThread self) throws InterruptedException {
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      while (!self.isStopping()) {
        hear(consumer);
      }
    } catch (KafkaException | BrokerException e) {
      log.warn("Cannot listen: {}; trying again in {}", e.getMessage(), PAUSE);
      self.awaitStop(PAUSE);
    }
  }

  private void hear(Consumer<String, byte[]> consumer) throws InterruptedException {
    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
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

  private void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    try {
      listener.hear(record);
    } catch (RuntimeException e) {
      if (Outages.isOutage(e)) {
        throw new BrokerException("The record waits for the end of an outage: " + e, e);
      }
      log.error("The record at {} is skipped", RecordCopy.origin(record), e);
    }
  }

  /**
   * Returns after the current record; without an interrupt, so that the consumer leaves its group.
   */
  @Override
  public void close() {
    thread.close();
  }
}
