package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareRecordProcessorTest extends RecordProcessorContract {

  private final List<ScriptedShareConsumer> consumers = new CopyOnWriteArrayList<>();
  private final ShareRecordProcessor processor =
      new ShareRecordProcessor("test", this::consumer, "jobs", work, Duration.ofMillis(30));

  private ScriptedShareConsumer consumer() {
    failIfTheBrokerIsAway();
    ScriptedShareConsumer consumer = new ScriptedShareConsumer();
    consumers.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    processor.close();
    assertThat(consumers).allMatch(ScriptedShareConsumer::isClosed);
  }

  @Override
  RecordProcessor processor() {
    return processor;
  }

  @Override
  void begin() {
    processor.start();
    await().until(() -> consumers.size() == 1);
  }

  @Override
  void arrive(long offset) {
    consumers.get(0).arrive(offset);
  }

  @Override
  boolean isDone(long offset) {
    return consumers.get(0).acknowledged().contains(offset + " ACCEPT");
  }

  @Override
  boolean isClosed() {
    return consumers.get(0).isClosed();
  }

  private ScriptedShareConsumer started() {
    begin();
    return consumers.get(0);
  }

  @Test
  void aRecordBehindTheMarkerOfATransactionIsTaken() {
    ScriptedShareConsumer consumer = started();
    consumer.stall();
    consumer.arrive(7);
    await().until(() -> work.begun().contains(7L));
    assertThat(consumers).hasSize(1);
  }

  @Test
  void longWorkRenewsItsLockAndTakesNoOtherRecord() {
    work.hold(1);
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    consumer.arrive(2);
    await().until(() -> consumer.acknowledged().size() >= 5);

    assertThat(consumer.acknowledged()).containsOnly("1 RENEW");
    assertThat(consumer.waiting()).isEqualTo(1);
    assertThat(work.begun()).containsExactly(1L);

    work.let(1);
    await().until(() -> consumer.acknowledged().contains("2 ACCEPT"));
    assertThat(consumer.acknowledged()).contains("1 ACCEPT");
  }

  @Test
  void workWhoseLockIsLostEndsBeforeAnotherConsumerTakesTheNextRecord() {
    work.hold(1);
    ScriptedShareConsumer consumer = started();
    consumer.loseLocks();
    consumer.arrive(1);
    await().until(consumer::isClosed);
    assertThat(consumers).hasSize(1);

    work.let(1);
    await().until(() -> consumers.size() == 2);
    consumers.get(1).arrive(2);
    await().until(() -> consumers.get(1).acknowledged().contains("2 ACCEPT"));
    assertThat(consumer.acknowledged()).doesNotContain("1 ACCEPT");
  }

  @Test
  void workIsRenewedDuringAStopUntilItEnds() throws Exception {
    work.hold(1);
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    await().until(() -> work.begun().size() == 1);
    processor.takeNoMore();
    int renewals = consumer.acknowledged().size();
    await().until(() -> consumer.acknowledged().size() > renewals + 2);

    work.let(1);
    assertThat(processor.finish(Duration.ofSeconds(10))).isTrue();
    await().until(() -> consumer.acknowledged().contains("1 ACCEPT"));
  }

  @Test
  void aCloseReleasesTheRecordInHand() {
    work.hold(1);
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    await().until(() -> work.begun().size() == 1);
    processor.close();
    assertThat(consumer.acknowledged()).endsWith("1 RELEASE");
  }

  @Test
  void nothingIsTakenWhileTheServiceIsNotReady() {
    work.ready(false);
    processor.start();
    await().during(Duration.ofMillis(300)).until(consumers::isEmpty);

    work.ready(true);
    await().until(() -> consumers.size() == 1);
    consumers.get(0).arrive(1);
    await().until(() -> consumers.get(0).acknowledged().contains("1 ACCEPT"));

    work.ready(false);
    consumers.get(0).arrive(2);
    await().until(consumers.get(0)::isClosed);
    assertThat(consumers).hasSize(1);
  }
}
