package io.refinery.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ServiceThreadTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final AtomicInteger rounds = new AtomicInteger();

  static Stream<Named<Runnable>> failures() {
    return Stream.of(
        Named.of(
            "exception",
            () -> {
              throw new IllegalStateException("failed");
            }),
        Named.of(
            "error",
            () -> {
              throw new OutOfMemoryError("Java heap space");
            }));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aTaskThatFailsIsRunAgain(Runnable failure) {
    ServiceThread.Task task =
        self -> {
          if (rounds.incrementAndGet() == 1) {
            failure.run();
          }
          self.awaitStop(LONG);
        };
    try (ServiceThread thread = new ServiceThread("test", task).start()) {
      // JUnit stops at an OutOfMemoryError that a test throws.
      await().dontCatchUncaughtExceptions().until(() -> rounds.get() == 2);
      assertThat(thread.isAlive()).isTrue();
    }
  }

  @Test
  void aTaskThatReturnsIsRunAgain() {
    try (ServiceThread thread = new ServiceThread("test", self -> rounds.incrementAndGet())) {
      thread.start();
      await().until(() -> rounds.get() > 2);
    }
  }

  @Test
  void itIsAliveFromItsStartUntilItIsClosed() {
    ServiceThread thread = new ServiceThread("test", self -> self.awaitStop(LONG));
    assertThat(thread.isAlive()).isFalse();
    thread.start();
    assertThat(thread.isAlive()).isTrue();
    thread.close();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void oneThatWasNeverStartedCanBeClosed() {
    ServiceThread thread = new ServiceThread("test", self -> rounds.incrementAndGet());
    thread.close();
    assertThat(rounds).hasValue(0);
  }

  @Test
  void anUnexpectedInterruptEndsIt() {
    AtomicReference<Thread> running = new AtomicReference<>();
    ServiceThread.Task task =
        self -> {
          rounds.incrementAndGet();
          running.set(Thread.currentThread());
          self.awaitStop(LONG);
        };
    try (ServiceThread thread = new ServiceThread("test", task).start()) {
      await().until(() -> running.get() != null);
      running.get().interrupt();
      await().until(() -> !thread.isAlive());
      assertThat(thread.isStopping()).isFalse();
      assertThat(rounds).hasValue(1);
    }
  }

  @Test
  void anInterruptWhileItPausesAfterAFailureEndsIt() {
    ServiceThread.Task task =
        self -> {
          rounds.incrementAndGet();
          Thread.currentThread().interrupt();
          throw new IllegalStateException("failed");
        };
    try (ServiceThread thread = new ServiceThread("test", task).start()) {
      await().until(() -> !thread.isAlive());
      assertThat(rounds).hasValue(1);
    }
  }

  @Test
  void aStopEndsATaskThatWaits() {
    AtomicBoolean told = new AtomicBoolean();
    ServiceThread.Task task =
        self -> {
          rounds.incrementAndGet();
          told.set(self.awaitStop(LONG));
        };
    try (ServiceThread thread = new ServiceThread("test", task).start()) {
      await().until(() -> rounds.get() == 1);
      thread.stop();
      await().until(() -> !thread.isAlive());
      assertThat(told).isTrue();
      assertThat(rounds).hasValue(1);
    }
  }

  @Test
  void aStopAfterAFailureEndsItWithoutAnotherRound() {
    ServiceThread.Task task =
        self -> {
          rounds.incrementAndGet();
          self.stop();
          throw new IllegalStateException("failed");
        };
    try (ServiceThread thread = new ServiceThread("test", task).start()) {
      await().until(() -> !thread.isAlive());
      assertThat(rounds).hasValue(1);
    }
  }
}
