package io.refinery.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.broker.MessageSender;
import io.refinery.delivery.Attempt.AnsweredElsewhere;
import io.refinery.delivery.Attempt.Doubtful;
import io.refinery.delivery.Attempt.Finished;
import io.refinery.delivery.Attempt.GivenBack;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.storage.FullDisk;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryRunnerTest {

  private static final int DELIVERIES = 5;

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final ScriptedHandler handler = new ScriptedHandler();
  private final MemoryObjects objects = new MemoryObjects();
  private final AtomicInteger failingChecks = new AtomicInteger();
  private final OutageMonitor outages =
      new OutageMonitor(this::check, Duration.ofMillis(1), Duration.ofMillis(1));
  private Duration outage = Duration.ZERO;
  private int count = 1;
  private int failed;

  private void check(boolean suspected) {
    if (failingChecks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw unavailable();
    }
  }

  @AfterEach
  void stopChecking() {
    outages.close();
  }

  private DeliveryRunner<String, String, String> runner() {
    await().until(() -> !outages.confirm());
    Retries retries = new Retries(DELIVERIES, Duration.ofMillis(1), Duration.ofMillis(5), outage);
    return new DeliveryRunner<>(
        message -> new Delivery<>(message, new Accepted<>("work"), "id-1", Instant.EPOCH, count),
        handler,
        retries,
        new MessageSender(producer, "test"),
        outages,
        new ReturnedDeliveries(Optional.of(objects.storage()), "refinery"));
  }

  private ConsumerRecord<String, byte[]> message() {
    ConsumerRecord<String, byte[]> message =
        new ConsumerRecord<>("jobs", 0, 7, "id-1", new byte[] {1, 2});
    if (failed > 0) {
      message.headers().add("refinery.failed.tries", Integer.toString(failed).getBytes(UTF_8));
    }
    return message;
  }

  private AcknowledgeType run() {
    return runner().run(message());
  }

  private static StorageException unavailable() {
    return new StorageException(Kind.UNAVAILABLE, "The store is away");
  }

  @Test
  void aResultIsSettledAndItsMessageAccepted() {
    handler.attempts.add(stopping -> new Finished<>("good"));
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
    assertThat(handler.events).containsExactly("begin", "end");
  }

  @Test
  void aSettledRequestIsNotRepeated() {
    handler.earlier = Optional.of("earlier");
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("earlier");
  }

  @Test
  void aMessageAnsweredElsewhereIsAcceptedWithoutAResult() {
    handler.attempts.add(stopping -> new AnsweredElsewhere<>());
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).isEmpty();
  }

  @Test
  void aFailedTryIsReleasedForAnotherTry() {
    handler.attempts.add(
        stopping -> {
          throw new IllegalStateException("odd");
        });
    assertThat(run()).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(handler.settled).isEmpty();
    assertThat(handler.events)
        .containsExactly("begin", "released: IllegalStateException: odd", "end");
  }

  @ParameterizedTest
  @MethodSource
  void aFailureThatEveryRetryRepeatsEndsTheRequestAtOnce(RuntimeException failure) {
    handler.attempts.add(
        stopping -> {
          throw failure;
        });
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled)
        .singleElement()
        .asString()
        .contains("Every retry would fail in the same way", failure.getMessage());
  }

  static Stream<RuntimeException> aFailureThatEveryRetryRepeatsEndsTheRequestAtOnce() {
    return Stream.of(
        new IllegalArgumentException("It cannot be encoded"),
        new UnsupportedOperationException("Not here"),
        new RecordTooLargeException("It has 3 MiB"));
  }

  @Test
  void aFullDiskIsWaitedOutAndUsesUpNoTry() {
    failed = DELIVERIES - 2;
    outage = Duration.ofMinutes(1);
    DeliveryRunner<String, String, String> runner = runner();
    handler.attempts.add(
        stopping -> {
          failingChecks.set(3);
          outages.start();
          IOException full = new IOException("No space left on device");
          throw new UncheckedIOException("Cannot write /work/jobs/input: " + full, full);
        });
    handler.attempts.add(stopping -> new Finished<>("good"));
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
  }

  @Test
  void anOutageThatHasEndedBeforeTheFailureIsLookedAtUsesUpNoTry() throws InterruptedException {
    failed = DELIVERIES - 2;
    outage = Duration.ofMinutes(1);
    DeliveryRunner<String, String, String> runner = runner();
    failingChecks.set(1);
    assertThat(outages.confirm()).isTrue();
    handler.attempts.add(
        stopping -> {
          throw unavailable();
        });
    handler.attempts.add(stopping -> new Finished<>("good"));
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
  }

  @Test
  void aFullDiskThatHasRoomAgainIsAFailedTryThatSaysSo() {
    failed = DELIVERIES - 3;
    IOException full = new IOException("No space left on device");
    for (int i = 0; i < 2; i++) {
      handler.attempts.add(
          stopping -> {
            throw new UncheckedIOException("Cannot write /work/jobs/input: " + full, full);
          });
    }
    assertThat(run()).isEqualTo(AcknowledgeType.RELEASE);
    failed++;
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled)
        .singleElement()
        .asString()
        .contains("Tried 4 times", "disk of this process is full", "/work/jobs/input");
  }

  @Test
  void aFullDiskWhoseFolderIsKnownIsNamedOnce() throws IOException {
    failed = DELIVERIES - 2;
    IOException full = FullDisk.explained(new IOException("No space left on device"), Path.of("/"));
    handler.attempts.add(
        stopping -> {
          throw full;
        });

    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled)
        .singleElement()
        .asString()
        .containsOnlyOnce("The disk of ")
        .contains("The disk of / is full (", "make room there")
        .doesNotContain("IOException");
  }

  @Test
  void outOfMemoryIsAFailedTry() {
    handler.attempts.add(
        stopping -> {
          throw new OutOfMemoryError("full");
        });
    assertThat(run()).isEqualTo(AcknowledgeType.RELEASE);
  }

  @Test
  void aFailureOfTheLastTryIsAFailedResult() {
    failed = DELIVERIES - 2;
    handler.attempts.add(
        stopping -> {
          throw unavailable();
        });
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled)
        .containsExactly("INTERNAL: Tried 4 times; last error: The store is away");
  }

  @Test
  void aMessageWhoseProcessesAllDiedFailsWithoutAnotherTry() {
    failed = DELIVERIES - 1;
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).singleElement().asString().contains("Delivered 4 times");
  }

  @Test
  void anOutageIsWaitedOutWithoutAnotherDelivery() {
    outage = Duration.ofMinutes(1);
    DeliveryRunner<String, String, String> runner = runner();
    handler.attempts.add(
        stopping -> {
          failingChecks.set(20);
          outages.start();
          throw unavailable();
        });
    handler.attempts.add(stopping -> new Finished<>("late"));
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("late");
    assertThat(handler.events).contains("waits");
    assertThat(failingChecks).hasValue(0);
  }

  @Test
  void nothingIsTakenBeforeTheFirstCheckOrDuringAnOutage() throws Exception {
    assertThat(outages.isOutage()).isTrue();
    DeliveryRunner<String, String, String> runner = runner();
    assertThat(runner.isReady()).isTrue();
    failingChecks.set(1);
    assertThat(outages.confirm()).isTrue();
    assertThat(runner.isReady()).isFalse();
    assertThat(outages.outage()).contains("The store is away");
    assertThat(outages.confirm()).isFalse();
    assertThat(runner.isReady()).isTrue();
  }

  @Test
  void aRequestThatMeetsALongOutageIsGivenToOthersWithoutAFailedTry() {
    DeliveryRunner<String, String, String> runner = runner();
    failed = 2;
    handler.attempts.add(
        stopping -> {
          failingChecks.set(Integer.MAX_VALUE);
          throw unavailable();
        });
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.events).contains("waits", "released: The store is away");
    assertThat(copies()).containsExactly(2);
  }

  @Test
  void aFailureOfOneRequestAloneIsAFailedTry() {
    handler.attempts.add(
        stopping -> {
          throw unavailable();
        });
    assertThat(run()).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void aNoOfTheStoreIsFinalAfterASecondLook() {
    handler.attempts.add(stopping -> new Doubtful<>("missing"));
    handler.attempts.add(stopping -> new Doubtful<>("still missing"));
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("still missing");
  }

  @Test
  void aNoOfTheStoreThatPassesDoesNotFailTheRequest() {
    handler.attempts.add(stopping -> new Doubtful<>("missing"));
    handler.attempts.add(stopping -> new Finished<>("there"));
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("there");
  }

  @Test
  void aNoDuringAnOutageCountsForNothing() {
    outage = Duration.ofMinutes(1);
    DeliveryRunner<String, String, String> runner = runner();
    for (int i = 0; i < 3; i++) {
      handler.attempts.add(
          stopping -> {
            failingChecks.set(200);
            return new Doubtful<>("not allowed");
          });
    }
    handler.attempts.add(stopping -> new Finished<>("good"));
    outages.start();
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
  }

  @Test
  void settlingOutlastsAnOutageOfBrokerAndStore() {
    handler.attempts.add(stopping -> new Finished<>("good"));
    handler.settling.add(
        () -> {
          throw unavailable();
        });
    handler.settling.add(
        () -> {
          throw new TimeoutException("The broker is away");
        });
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
  }

  @Test
  void aResultThatCanNeverBePublishedBecomesAFailedOne() {
    handler.attempts.add(stopping -> new Finished<>("too large"));
    handler.settling.add(
        () -> {
          throw new RecordTooLargeException("It has 3 MiB");
        });
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).singleElement().asString().contains("It has 3 MiB");
  }

  @Test
  void settlingEndsWhateverFails() {
    handler.attempts.add(stopping -> new Finished<>("good"));
    for (int i = 0; i < 2; i++) {
      handler.settling.add(
          () -> {
            throw new IllegalArgumentException("No JSON");
          });
    }
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).isEmpty();
    assertThat(handler.events).containsExactly("begin", "end");
  }

  @Test
  void aStopWhileAResultWaitsToBeSettledReleasesTheRequest() throws Exception {
    DeliveryRunner<String, String, String> runner = runner();
    handler.attempts.add(stopping -> new Finished<>("good"));
    for (int i = 0; i < 1_000; i++) {
      handler.settling.add(
          () -> {
            throw unavailable();
          });
    }
    CompletableFuture<AcknowledgeType> end =
        CompletableFuture.supplyAsync(() -> runner.run(message()));
    await().until(() -> handler.settling.size() < 1_000);
    runner.stop();
    assertThat(end.get()).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(handler.events)
        .containsExactly("begin", "released: The service is stopping.", "end");
  }

  @Test
  void aFailureCausedByAStopIsNotAFailedTry() {
    DeliveryRunner<String, String, String> runner = runner();
    failed = DELIVERIES - 2;
    handler.attempts.add(
        stopping -> {
          runner.stop();
          throw new IllegalStateException("Closed under it");
        });
    assertThat(runner.run(message())).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(handler.settled).isEmpty();
  }

  @Test
  void deliveriesThatAreGivenBackDoNotCountAsTries() {
    for (int i = 0; i < 2; i++) {
      handler.attempts.add(stopping -> new GivenBack<>("The device is lost."));
      assertThat(run()).isEqualTo(AcknowledgeType.RELEASE);
      count++;
    }
    // The third delivery of five nears the end: a copy has all of them again.
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(copies()).containsExactly(0);
  }

  @Test
  void deliveriesWhoseProcessDiedCountAsTries() {
    count = DELIVERIES - 2;
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(copies()).containsExactly(2);
    assertThat(producer.history().get(0).value()).containsExactly(1, 2);
    assertThat(handler.events).isEmpty();
  }

  @Test
  void aMessageThatCannotBeSentAgainIsWorkedOnWhileItHasDeliveries() {
    producer.sendException = new TimeoutException("The broker is away");
    count = DELIVERIES - 1;
    handler.attempts.add(stopping -> new Finished<>("good"));
    assertThat(run()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(handler.settled).containsExactly("good");
  }

  /** Returns the number of failed tries that each copy of the message knows. */
  private List<Integer> copies() {
    return producer.history().stream()
        .map(copy -> new String(copy.headers().lastHeader("refinery.failed.tries").value(), UTF_8))
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void aRequestThatArrivesTooLateIsDeclinedSilently() {
    assertThat(runner().decline(message())).isEqualTo(AcknowledgeType.RELEASE);
    assertThat(handler.events).isEmpty();
  }

  @Test
  void pausesGrowUpToTheirLimit() {
    Retries retries = new Retries(9, Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ZERO);
    assertThat(List.of(1, 2, 3, 4, 5, 60))
        .extracting(tries -> retries.pauseAfter(tries).toSeconds())
        .containsExactly(2L, 8L, 32L, 60L, 60L, 60L);
  }
}
