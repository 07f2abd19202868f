package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.storage.StorageException;
import io.refinery.testkit.MemoryTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class RecordListenerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MemoryTopic topic = new MemoryTopic("jobs");
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void noConsumerStaysOpen() {
    assertThat(topic.open()).isZero();
  }

  static Stream<Named<Runnable>> outages() {
    return Stream.of(
        failure(
            "store", () -> new StorageException(StorageException.Kind.UNAVAILABLE, "no answer")),
        failure("broker", () -> new TimeoutException("no answer")));
  }

  private static Named<Runnable> failure(String name, Supplier<RuntimeException> failure) {
    return Named.of(
        name,
        () -> {
          throw failure.get();
        });
  }

  @Test
  void aRecordThatCannotBeHandledIsSkippedAndThoseBehindItAreHeard() {
    append("a", "b", "c");
    try (RecordListener listener =
        subscribed(
            key -> {
              if (key.equals("b")) {
                throw new IllegalArgumentException("Not a message");
              }
            })) {
      await().until(() -> topic.committed() == 3);
      assertThat(heard).containsExactly("a", "b", "c");
      assertThat(topic.consumers()).isEqualTo(1);
      assertThat(listener.isAlive()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("outages")
  void afterAnOutageTheRecordComesAgainFromANewConsumer(Runnable outage) {
    append("a");
    try (RecordListener listener = subscribed(key -> once("b", key, outage))) {
      await().until(() -> topic.committed() == 1);
      append("b", "c");
      await().until(() -> topic.committed() == 3);
      assertThat(heard).containsExactly("a", "b", "b", "c");
      assertThat(topic.consumers()).isEqualTo(2);
      assertThat(topic.open()).isEqualTo(1);
      assertThat(listener.isAlive()).isTrue();
    }
  }

  @Test
  void anErrorDoesNotEndItAndTheRecordComesAgain() {
    append("a", "b");
    Runnable error =
        () -> {
          throw new OutOfMemoryError("Java heap space");
        };
    try (RecordListener listener = subscribed(key -> once("a", key, error))) {
      await().until(() -> topic.committed() == 2);
      assertThat(heard).containsExactly("a", "a", "b");
      assertThat(topic.open()).isEqualTo(1);
      assertThat(listener.isAlive()).isTrue();
    }
  }

  @Test
  void whileTheBrokerIsAwayAnotherConsumerIsTriedUntilItIsBack() {
    AtomicInteger tries = new AtomicInteger();
    append("a");
    Supplier<Consumer<String, byte[]>> consumers =
        () -> {
          if (tries.incrementAndGet() == 1) {
            throw new TimeoutException("The broker is away");
          }
          return topic.subscriber();
        };
    try (RecordListener listener = listener(consumers, true, key -> {})) {
      await().until(() -> topic.committed() == 1);
      assertThat(listener.isAlive()).isTrue();
    }
    assertThat(tries).hasValue(2);
  }

  @Test
  void itHasCaughtUpWhenEveryRecordThatWasThereIsHandedOver() throws Exception {
    CountDownLatch last = new CountDownLatch(1);
    append("a", "b");
    RecordListener.Listener slow =
        record -> {
          if (record.key().equals("b")) {
            last.await();
          }
          heard.add(record.key());
        };
    try (RecordListener listener =
        new RecordListener("test", topic::fromBeginning, false, slow).start()) {
      await().until(() -> heard.size() == 1);
      assertThat(listener.awaitCaughtUp(Duration.ofMillis(1))).isFalse();
      last.countDown();
      assertThat(listener.awaitCaughtUp(PATIENCE)).isTrue();
      assertThat(heard).containsExactly("a", "b");
    }
  }

  @Test
  void anEmptyTopicIsCaughtUpWith() throws Exception {
    try (RecordListener listener = listener(topic::fromBeginning, false, key -> {})) {
      assertThat(listener.awaitCaughtUp(PATIENCE)).isTrue();
    }
  }

  @Test
  void aConsumerWithoutPartitionsYetHasNotCaughtUp() throws Exception {
    CountDownLatch polls = new CountDownLatch(3);
    MockConsumer<String, byte[]> waiting = new MockConsumer<>("earliest");
    waiting.subscribe(List.of("jobs"));
    for (int i = 0; i < 3; i++) {
      waiting.schedulePollTask(polls::countDown);
    }
    try (RecordListener listener = listener(() -> waiting, true, key -> {})) {
      polls.await();
      assertThat(listener.awaitCaughtUp(Duration.ofMillis(1))).isFalse();
    }
    assertThat(waiting.closed()).isTrue();
  }

  @Test
  void withoutAGroupNothingIsCommitted() throws Exception {
    append("a");
    try (RecordListener listener = listener(topic::fromBeginning, false, key -> {})) {
      assertThat(listener.awaitCaughtUp(PATIENCE)).isTrue();
    }
    assertThat(heard).containsExactly("a");
    assertThat(topic.committed()).isZero();
  }

  @Test
  void closedItIsNotAliveAndHearsNothing() {
    RecordListener listener = subscribed(key -> {});
    await().until(() -> topic.open() == 1);
    listener.close();
    append("a");
    assertThat(listener.isAlive()).isFalse();
    assertThat(heard).isEmpty();
  }

  @Test
  void aCloseEndsAPollThatWaits() throws Exception {
    WaitingConsumer waiting = new WaitingConsumer();
    try (RecordListener listener = listener(() -> waiting, true, key -> {})) {
      waiting.polled.await();
      assertThat(listener.isAlive()).isTrue();
    }
    assertThat(waiting.closed()).isTrue();
  }

  /** A consumer whose poll lasts until it is woken up. */
  private static final class WaitingConsumer extends MockConsumer<String, byte[]> {

    private final CountDownLatch polled = new CountDownLatch(1);
    private final CountDownLatch woken = new CountDownLatch(1);

    WaitingConsumer() {
      super("earliest");
    }

    // Not synchronized: the close must reach a consumer that waits.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public ConsumerRecords<String, byte[]> poll(Duration timeout) {
      polled.countDown();
      try {
        woken.await();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      throw new WakeupException();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void wakeup() {
      woken.countDown();
    }
  }

  private void once(String failing, String key, Runnable failure) {
    if (key.equals(failing) && heard.stream().filter(failing::equals).count() == 1) {
      failure.run();
    }
  }

  private void append(String... keys) {
    for (String key : keys) {
      topic.append(key, new byte[0], Instant.EPOCH);
    }
  }

  private RecordListener subscribed(java.util.function.Consumer<String> work) {
    return listener(topic::subscriber, true, work);
  }

  private RecordListener listener(
      Supplier<Consumer<String, byte[]>> consumers,
      boolean commits,
      java.util.function.Consumer<String> work) {
    return new RecordListener(
            "test",
            consumers,
            commits,
            record -> {
              heard.add(record.key());
              work.accept(record.key());
            })
        .start();
  }
}
