package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.concurrent.Uninterruptibles;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.MemoryStorage;
import io.refinery.worker.Stages.Stage;
import io.refinery.worker.WorkerConfig.TimeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobWatchTest {

  private static final Job JOB =
      new Job("mine", new ObjectRef("refinery", "eyes.h5"), ModelReference.parse("eyes@1"));

  private static final TimeLimits PATIENT = TimeLimits.DEFAULT;

  private final ResultStore results = new ResultStore(new MemoryStorage(), "refinery");
  private final BlockingQueue<String> stuck = new LinkedBlockingQueue<>();
  private Optional<JobWatch> watch = Optional.empty();

  private JobWatch watch(TimeLimits limits) {
    watch = Optional.of(new JobWatch(results, limits, stuck::add).start());
    return watch.get();
  }

  private static TimeLimits stall(Duration limit) {
    return new TimeLimits(Optional.empty(), limit);
  }

  @AfterEach
  void close() {
    watch.ifPresent(JobWatch::close);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void awaitInterrupt() {
    assertThatThrownBy(() -> new CountDownLatch(1).await(1, TimeUnit.MINUTES))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void aJobEndsAtItsDeadline() {
    Instant deadline = Instant.now().plusMillis(200);
    try (WatchedTry running = watch(PATIENT).watch(JOB.withDeadline(Optional.of(deadline)))) {
      awaitInterrupt();
      assertThat(running.end())
          .hasValueSatisfying(
              end ->
                  assertThat(end)
                      .isEqualTo(
                          new EarlyEnd.OutOfTime(
                              ErrorCode.DEADLINE_PASSED,
                              "The job had no result at its deadline, " + deadline + ".")));
    }
  }

  @Test
  void aJobEndsAtTheTimeLimit() {
    TimeLimits limits = new TimeLimits(Optional.of(Duration.ofMillis(200)), Duration.ofHours(1));
    try (WatchedTry running = watch(limits).watch(JOB)) {
      awaitInterrupt();
      assertThat(running.end())
          .hasValueSatisfying(
              end ->
                  assertThat(end)
                      .isEqualTo(
                          new EarlyEnd.OutOfTime(
                              ErrorCode.TIME_LIMIT,
                              "The job ran for PT0.2S, the most that refinery.worker.time-limit"
                                  + " allows.")));
    }
  }

  @Test
  void aJobEndsWhenItHasAResult() {
    JobResult cancelled =
        new JobResult.Failed(
            JOB.id(),
            ErrorCode.CANCELLED,
            "Cancelled.",
            Instant.now(),
            Optional.empty(),
            Optional.empty());
    try (WatchedTry running = watch(PATIENT).watch(JOB)) {
      JobResult stored = results.claim(cancelled);
      awaitInterrupt();
      assertThat(running.end()).contains(new EarlyEnd.Settled(stored));
    }
  }

  @Test
  void aTryWithoutProgressEndsAndNamesItsStage() {
    try (WatchedTry running = watch(stall(Duration.ofMillis(200))).watch(JOB)) {
      running.progress().begins(Stage.DECODE);
      awaitInterrupt();
      assertThat(running.end())
          .contains(new EarlyEnd.Stalled("No progress for PT0.2S in the stage 'decode'"));
    }
  }

  @Test
  void aTryThatDoesNotReactIsReported() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    JobWatch watching = watch(stall(Duration.ofMillis(200)));
    Thread hanging =
        new Thread(
            () -> {
              try (WatchedTry running = watching.watch(JOB)) {
                running.progress().begins(Stage.REFINE);
                Uninterruptibles.uninterruptibly(end);
              }
            });
    hanging.start();
    assertThat(stuck.poll(1, TimeUnit.MINUTES))
        .startsWith("Job mine hangs in the stage 'refine': no progress for ")
        .endsWith(", and it cannot be ended.");
    end.countDown();
    hanging.join();
  }

  @Test
  void aTryIsNotInterruptedWhileItBuildsWhatOthersShare() {
    Job late = JOB.withDeadline(Optional.of(Instant.EPOCH));
    try (WatchedTry running = new WatchedTry(late, closed -> {})) {
      running.shield();
      running.check(PATIENT);
      assertThat(running.end()).isPresent();
      assertThat(Thread.interrupted()).isFalse();
      assertThatThrownBy(running::unshield).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aTryThatHasEndedIsNotInterrupted() {
    Job late = JOB.withDeadline(Optional.of(Instant.EPOCH));
    WatchedTry ended = new WatchedTry(late, closed -> {});
    ended.close();
    ended.check(PATIENT);
    assertThat(ended.end()).isEmpty();
    assertThat(Thread.interrupted()).isFalse();
  }
}
