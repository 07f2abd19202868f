package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.message.JobPriority;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineThreadTest {

  private final AtomicLong clock = new AtomicLong();
  private final EngineThread engine = new EngineThread(clock::get);
  private final List<String> refined = new CopyOnWriteArrayList<>();
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    go.countDown();
    engine.close();
  }

  @Test
  void jobsOfAPriorityTakeTurnsInTheOrderOfTheirArrival() throws InterruptedException {
    hold();
    job(JobPriority.NORMAL, "a", 2, 1);
    CountDownLatch last = job(JobPriority.NORMAL, "b", 2, 1);
    go.countDown();

    await(last);

    assertThat(refined).containsExactly("a", "a", "b", "b");
  }

  @Test
  void aJobOfHighPriorityDoesNotWaitForTheEndOfANormalOne() throws InterruptedException {
    hold();
    CountDownLatch normal = job(JobPriority.NORMAL, "normal", 100, 1);
    CountDownLatch high = job(JobPriority.HIGH, "high", 3, 1);
    go.countDown();

    await(high);
    await(normal);

    assertThat(refined.subList(0, 5))
        .containsExactlyInAnyOrder("high", "high", "high", "normal", "normal");
  }

  @Test
  void highPriorityLeavesAQuarterOfTheTimeToNormalJobs() throws InterruptedException {
    hold();
    CountDownLatch normal = job(JobPriority.NORMAL, "normal", 300, 1);
    CountDownLatch high = job(JobPriority.HIGH, "high", 300, 1);
    go.countDown();

    await(high);
    await(normal);

    List<String> both = refined.subList(0, 400);
    assertThat(Collections.frequency(both, "normal")).isBetween(95, 105);
  }

  @Test
  void longBatchesOfNormalJobsCountAsMuchAsManyShortOnes() throws InterruptedException {
    hold();
    CountDownLatch normal = job(JobPriority.NORMAL, "normal", 30, 10);
    CountDownLatch high = job(JobPriority.HIGH, "high", 300, 1);
    go.countDown();

    await(high);
    await(normal);

    assertThat(Collections.frequency(refined.subList(0, 310), "normal")).isBetween(9, 12);
  }

  @Test
  void normalJobsHaveTheWholeEngineWithoutOthers() throws InterruptedException {
    CountDownLatch normal = job(JobPriority.NORMAL, "normal", 5, 1);

    await(normal);

    assertThat(refined).hasSize(5).containsOnly("normal");
  }

  @Test
  void aTurnThatIsEndedWhileItWaitsNeverBegins() throws InterruptedException {
    hold();
    EngineThread.Turn turn = engine.run(JobPriority.NORMAL, () -> refined.add("ended"));
    turn.end();
    CountDownLatch next = job(JobPriority.NORMAL, "next", 1, 1);
    go.countDown();

    await(next);

    assertThat(refined).containsExactly("next");
  }

  @Test
  void theEndOfATurnWaitsForItsBatchAndLetsNoOtherBegin() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    EngineThread.Turn turn =
        engine.run(
            JobPriority.NORMAL,
            () -> {
              begun.countDown();
              waitForGo();
              return refined.add("batch");
            });
    await(begun);
    new Thread(go::countDown).start();

    turn.end();

    assertThat(refined).containsExactly("batch");
    await(job(JobPriority.NORMAL, "next", 1, 1));
    assertThat(refined).containsExactly("batch", "next");
  }

  @Test
  void aBatchThatFailsUnexpectedlyEndsItsJobAlone() throws InterruptedException {
    engine.run(
        JobPriority.NORMAL,
        () -> {
          throw new IllegalStateException("unexpected");
        });

    await(job(JobPriority.NORMAL, "next", 1, 1));

    assertThat(refined).containsExactly("next");
  }

  /** Occupies the engine until {@link #go}, so that what follows waits together. */
  private void hold() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    engine.run(
        JobPriority.HIGH,
        () -> {
          held.countDown();
          waitForGo();
          return false;
        });
    await(held);
  }

  private void waitForGo() {
    try {
      await(go);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts a job of batches that take {@code time} each; returns what is open until its end. */
  private CountDownLatch job(JobPriority priority, String name, int batches, long time) {
    CountDownLatch end = new CountDownLatch(batches);
    engine.run(
        priority,
        () -> {
          clock.addAndGet(time);
          refined.add(name);
          end.countDown();
          return end.getCount() > 0;
        });
    return end;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
