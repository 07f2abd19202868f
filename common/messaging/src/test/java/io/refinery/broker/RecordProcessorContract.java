package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every processor of records promises, whatever group it belongs to. */
abstract class RecordProcessorContract {

  final GatedWork work = new GatedWork();
  private final AtomicInteger failures = new AtomicInteger();

  abstract RecordProcessor processor();

  /** Starts the processor and returns when it takes records. */
  abstract void begin();

  abstract void arrive(long offset);

  /** Returns whether the record must not be delivered again. */
  abstract boolean isDone(long offset);

  /** Returns whether the only consumer is closed. */
  abstract boolean isClosed();

  /** Called when a consumer is to be created. */
  final void failIfTheBrokerIsAway() {
    if (failures.getAndDecrement() > 0) {
      throw new TimeoutException("The broker is away");
    }
  }

  @Test
  void aRecordIsDoneAfterItsWorkHasEnded() {
    begin();
    arrive(0);
    await().until(() -> isDone(0));
    assertThat(work.begun()).containsExactly(0L);
    assertThat(processor().isAlive()).isTrue();
  }

  @Test
  void aStopLetsTheWorkFinishAndReportsWorkThatOutlastsTheGrace() throws Exception {
    work.hold(0);
    begin();
    arrive(0);
    await().until(() -> work.begun().size() == 1);
    processor().takeNoMore();
    assertThat(processor().finish(Duration.ofMillis(20))).isFalse();
    assertThat(isClosed()).isFalse();

    work.let(0);
    assertThat(processor().finish(Duration.ofSeconds(10))).isTrue();
    await().until(this::isClosed);
    assertThat(isDone(0)).isTrue();
    assertThat(processor().isAlive()).isFalse();
  }

  @Test
  void aCloseInterruptsTheWorkAndLeavesItsRecordToOthers() {
    work.hold(0);
    begin();
    arrive(0);
    await().until(() -> work.begun().size() == 1);

    processor().close();

    assertThat(work.interrupted()).isEqualTo(1);
    assertThat(isDone(0)).isFalse();
    assertThat(isClosed()).isTrue();
  }

  @Test
  void anIdleProcessorStopsAtOnce() {
    begin();
    processor().close();
    assertThat(work.begun()).isEmpty();
    assertThat(isClosed()).isTrue();
  }

  @Test
  void newConsumersAreCreatedUntilTheBrokerIsBack() {
    failures.set(1);
    begin();
    arrive(0);
    await().until(() -> isDone(0));
  }
}
