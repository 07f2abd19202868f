package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareRecordProcessorTest {

  private final List<ScriptedShareConsumer> consumers = new CopyOnWriteArrayList<>();
  private final List<Long> worked = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger interrupted = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean ready = true;
  private final ShareRecordProcessor processor =
      new ShareRecordProcessor("test", this::consumer, "jobs", new Work(), Duration.ofMillis(30));

  /** Holds every record until it is released or interrupted. */
  private final class Work implements RecordProcessor.Work {
    @Override
    public AcknowledgeType run(ConsumerRecord<String, byte[]> record) {
      worked.add(record.offset());
      try {
        release.await();
        return AcknowledgeType.ACCEPT;
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
        return AcknowledgeType.RELEASE;
      }
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public AcknowledgeType decline(ConsumerRecord<String, byte[]> record) {
      return AcknowledgeType.REJECT;
    }
  }

  private ScriptedShareConsumer consumer() {
    if (failures.getAndDecrement() > 0) {
      throw new TimeoutException("The broker is away");
    }
    ScriptedShareConsumer consumer = new ScriptedShareConsumer();
    consumers.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    release.countDown();
    processor.close();
    assertThat(consumers).allMatch(ScriptedShareConsumer::isClosed);
  }

  private ScriptedShareConsumer started() {
    processor.start();
    await().until(() -> consumers.size() == 1);
    return consumers.get(0);
  }

  @Test
  void aRecordBehindTheMarkerOfATransactionIsTaken() {
    ScriptedShareConsumer consumer = started();
    consumer.stall();
    consumer.arrive(7);
    await().until(() -> worked.contains(7L));
    assertThat(consumers).hasSize(1);
  }

  @Test
  void aRecordIsAcceptedAfterItsWorkHasEnded() {
    release.countDown();
    ScriptedShareConsumer consumer = started();
    consumer.arrive(7);
    await().until(() -> consumer.acknowledged().contains("7 ACCEPT"));
    assertThat(processor.isAlive()).isTrue();
  }

  @Test
  void longWorkRenewsItsLockAndTakesNoOtherRecord() {
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    consumer.arrive(2);
    await().until(() -> consumer.acknowledged().size() >= 5);

    assertThat(consumer.acknowledged()).containsOnly("1 RENEW");
    assertThat(consumer.waiting()).isEqualTo(1);
    assertThat(worked).containsExactly(1L);

    release.countDown();
    await().until(() -> consumer.acknowledged().contains("2 ACCEPT"));
    assertThat(consumer.acknowledged()).contains("1 ACCEPT");
  }

  @Test
  void workWhoseLockIsLostEndsBeforeAnotherConsumerTakesTheNextRecord() {
    ScriptedShareConsumer consumer = started();
    consumer.loseLocks();
    consumer.arrive(1);
    await().until(consumer::isClosed);
    assertThat(consumers).hasSize(1);

    release.countDown();
    await().until(() -> consumers.size() == 2);
    consumers.get(1).arrive(2);
    await().until(() -> consumers.get(1).acknowledged().contains("2 ACCEPT"));
    assertThat(consumer.acknowledged()).doesNotContain("1 ACCEPT");
  }

  @Test
  void aStopLetsTheWorkFinishUnderItsLock() throws Exception {
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    await().until(() -> worked.size() == 1);
    processor.takeNoMore();
    int renewals = consumer.acknowledged().size();
    await().until(() -> consumer.acknowledged().size() > renewals + 2);

    release.countDown();
    assertThat(processor.finish(Duration.ofSeconds(10))).isTrue();
    await().until(() -> consumer.acknowledged().contains("1 ACCEPT"));
    await().until(consumer::isClosed);
    assertThat(processor.isAlive()).isFalse();
  }

  @Test
  void workThatOutlastsTheGraceIsReported() throws Exception {
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    await().until(() -> worked.size() == 1);
    processor.takeNoMore();

    assertThat(processor.finish(Duration.ofMillis(20))).isFalse();
    assertThat(consumer.isClosed()).isFalse();
  }

  @Test
  void closingInterruptsTheWorkAndReleasesItsRecord() {
    ScriptedShareConsumer consumer = started();
    consumer.arrive(1);
    await().until(() -> worked.size() == 1);

    processor.close();

    assertThat(interrupted).hasValue(1);
    assertThat(consumer.acknowledged()).endsWith("1 RELEASE");
  }

  @Test
  void nothingIsTakenWhileTheServiceIsNotReady() {
    ready = false;
    release.countDown();
    processor.start();
    await().during(Duration.ofMillis(300)).until(consumers::isEmpty);

    ready = true;
    await().until(() -> consumers.size() == 1);
    consumers.get(0).arrive(1);
    await().until(() -> consumers.get(0).acknowledged().contains("1 ACCEPT"));

    ready = false;
    consumers.get(0).arrive(2);
    await().until(consumers.get(0)::isClosed);
    assertThat(consumers).hasSize(1);
  }

  @Test
  void anIdleProcessorStopsAtOnce() {
    started();
    processor.close();
    assertThat(worked).isEmpty();
  }

  @Test
  void newConsumersAreCreatedUntilTheBrokerIsBack() {
    failures.set(1);
    release.countDown();
    ScriptedShareConsumer consumer = started();
    consumer.arrive(4);
    await().until(() -> consumer.acknowledged().contains("4 ACCEPT"));
  }
}
