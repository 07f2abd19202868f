package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that jobs queued behind a long one do not wait for a busy worker and are not lost with it,
 * whatever the number of partitions. The lock is so short that the long job renews it many times.
 */
@StackTest
class LongJobInFrontIT {

  private static final Duration LOCK = Duration.ofMillis(1_500);
  private static final int BEHIND = 16;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;
  private ObjectRef large;
  private String inFront;
  private final List<String> behind = new ArrayList<>();

  LongJobInFrontIT(Stack stack) {
    this.stack = stack;
  }

  private void prepare(int partitions) throws Exception {
    fixture = new WorkerFixture(stack, folder, partitions);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(1));
    large = fixture.upload(fixture.bundle(800));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  private void submitBehind(int partitions) {
    for (int i = 0; i < BEHIND; i++) {
      behind.add(fixture.submit("behind-" + i, input, i % partitions));
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(ints = {1, 4, 16})
  void anIdleWorkerTakesAllWaitingJobs(int partitions) throws Exception {
    prepare(partitions);
    GatedEngine stuck = new GatedEngine();
    GatedEngine free = new GatedEngine();
    free.let(1_000);
    try (Worker busy = fixture.start(config("busy"), stuck)) {
      takeInFront(stuck);
      awaitRenewals();
      submitBehind(partitions);
      try (Worker idle = fixture.start(config("idle"), free)) {
        assertSucceededAtOnce(idle.name());
      }
      stuck.let(1_000);
      fixture.success(inFront);
      assertThat(accepted(inFront)).containsExactly(busy.name());
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(ints = {1, 4, 16})
  void otherWorkersTakeTheJobsWhenTheBusyWorkerStops(int partitions) throws Exception {
    prepare(partitions);
    GatedEngine stuck = new GatedEngine();
    Worker busy = fixture.start(config("busy"), stuck);
    takeInFront(stuck);
    submitBehind(partitions);
    awaitRenewals();
    stop(busy, stuck);

    GatedEngine free = new GatedEngine();
    free.let(1_000);
    try (Worker other = fixture.start(config("other"), free)) {
      assertSucceededAtOnce(other.name());
      fixture.success(inFront);
      assertThat(accepted(inFront)).containsExactly("busy", "other");
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @ValueSource(ints = {1, 4, 16})
  void otherWorkersTakeTheJobsWhenTheBusyWorkerIsKilled(int partitions) throws Exception {
    prepare(partitions);
    try (ChildWorker child =
        new ChildWorker(stack, fixture.topics, fixture.group, folder.resolve("child"), LOCK)) {
      inFront = fixture.submit("in-front", input, 0);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                fixture.look();
                return !accepted(inFront).isEmpty();
              });
      submitBehind(partitions);
      awaitRenewals();
      child.kill();
    }
    GatedEngine free = new GatedEngine();
    free.let(1_000);
    try (Worker other = fixture.start(config("other"), free)) {
      assertSucceededAtOnce(other.name());
      fixture.success(inFront);
      assertThat(accepted(inFront)).containsExactly(ChildWorker.NAME, "other");
    }
  }

  private void takeInFront(GatedEngine stuck) {
    inFront = fixture.submit("in-front", large, 0);
    await().atMost(PATIENCE).until(() -> stuck.begun() == 1);
  }

  /** Stops a worker that has more batches left than it is allowed to refine meanwhile. */
  private static void stop(Worker busy, GatedEngine stuck) {
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(busy::close);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              stuck.let(1);
              return stopping.isDone();
            });
  }

  private static void awaitRenewals() {
    await().pollDelay(LOCK.multipliedBy(2)).atMost(PATIENCE).until(() -> true);
  }

  /** Asserts that each waiting job has one good result, from the first worker that took it. */
  private void assertSucceededAtOnce(String worker) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              fixture.look();
              return behind.stream().noneMatch(job -> results(job).isEmpty());
            });
    fixture.look();
    for (String job : behind) {
      assertThat(results(job)).as(job).singleElement().isInstanceOf(JobResult.Succeeded.class);
      assertThat(accepted(job)).as(job).containsExactly(worker);
    }
  }

  private List<String> accepted(String job) {
    return fixture.seen(fixture.topics.events(), job).stream()
        .map(record -> JobEvent.parse(record.value()))
        .filter(event -> event.state() == JobEvent.State.ACCEPTED)
        .map(JobEvent::worker)
        .toList();
  }

  private List<JobResult> results(String job) {
    return fixture.seen(fixture.topics.results(), job).stream()
        .map(record -> JobResult.parse(record.value()))
        .toList();
  }

  private WorkerConfig config(String name) {
    WorkerConfig config = fixture.config(name);
    WorkerConfig.Delivery usual = config.delivery();
    return WorkerFixture.with(
        config,
        new WorkerConfig.Delivery(
            usual.group(), LOCK, usual.deliveries(), usual.retryDelay(), 1, usual.grace()));
  }
}
