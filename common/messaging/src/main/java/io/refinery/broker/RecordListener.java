package io.refinery.broker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every record that a consumer gets to somebody, on a thread of its own; after trouble with
 * one consumer it goes on with another. A record may be handed over twice.
 */
public final class RecordListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RecordListener.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long PAUSE_MILLIS = 1000;

  /** Gets every record. */
  @FunctionalInterface
  public interface Listener {

    /** What it throws is trouble, after which the record comes again. */
    void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException;
  }

  private final Supplier<Consumer<String, byte[]>> consumers;
  private final Listener listener;
  private final boolean commits;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param name of the thread
   * @param consumers makes a consumer with its topics, and another one after trouble with the first
   * @param commits whether the consumer is of a group, which is told what was heard
   */
  public RecordListener(
      String name,
      Supplier<Consumer<String, byte[]>> consumers,
      boolean commits,
      Listener listener) {
    this.consumers = consumers;
    this.commits = commits;
    this.listener = listener;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  public RecordListener start() {
    thread.start();
    return this;
  }

  /** Waits until every record was handed over that was there; says whether it came to that. */
  public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
    return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    while (stopping.getCount() > 0) {
      try (Consumer<String, byte[]> consumer = consumers.get()) {
        while (stopping.getCount() > 0) {
          hear(consumer);
        }
      } catch (InterruptedException e) {
        stopping.countDown();
      } catch (RuntimeException e) { // Whatever it is, the next consumer may fare better.
        log.warn("{} cannot listen: {}; trying again", thread.getName(), e.getMessage());
        pause();
      }
    }
  }

  private void hear(Consumer<String, byte[]> consumer) throws InterruptedException {
    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
    for (ConsumerRecord<String, byte[]> record : records) {
      listener.hear(record);
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

  private void pause() {
    try {
      stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }

  /**
   * Returns after the present record; without an interrupt, so that the consumer leaves its group.
   */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
