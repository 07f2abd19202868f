package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.ErrorCode;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests what happens to jobs when a worker's process dies or hangs. */
@StackTest
class DeadWorkerIT {

  private static final Duration LOCK = Duration.ofSeconds(3);

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;

  DeadWorkerIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(16));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ConcurrentTest
  void aJobWhoseWorkerIsKilledIsRefinedByAnother() throws Exception {
    try (ChildWorker child = child()) {
      String job = fixture.submit("killed", input, fixture.model);
      awaitRefining(job, ChildWorker.NAME);
      child.kill();

      try (Worker other = fixture.start(fixture.config("other"))) {
        assertThat(fixture.success(job).images()).isEqualTo(16);
        assertThat(other.health().status()).isEqualTo(Status.UP);
      }
      assertThat(results(job)).hasSize(1);
    }
  }

  @ConcurrentTest
  void aWorkerWhoseDeviceIsLostReleasesItsJobAtOnceAndEnds() throws Exception {
    Duration longLock = Duration.ofSeconds(60);
    try (ChildWorker child =
        new ChildWorker(stack, fixture.topics, fixture.group, folder.resolve("child"), longLock)) {
      String job = fixture.submit("lost", input, fixture.model);
      awaitRefining(job, ChildWorker.NAME);
      child.loseDevice();

      assertThat(child.awaitEnd()).isEqualTo(ChildWorker.DEVICE_LOST);
      try (Worker other = fixture.start(fixture.config("other"))) {
        assertThat(fixture.success(job).images()).isEqualTo(16);
        assertThat(other.health().status()).isEqualTo(Status.UP);
      }
      assertThat(states(job, ChildWorker.NAME)).endsWith(JobEvent.State.RELEASED);
    }
  }

  @ConcurrentTest
  void aWorkerSuspendedPastItsLockPublishesTheFirstWorkersResult() throws Exception {
    try (ChildWorker child = child()) {
      String job = fixture.submit("frozen", input, fixture.model);
      awaitRefining(job, ChildWorker.NAME);
      child.freeze();

      try (Worker other = fixture.start(fixture.config("other"))) {
        JobResult.Succeeded result = fixture.success(job);
        assertThat(result.engine()).isEqualTo(other.engine().description());
        child.thaw();
        child.let();
        await().atMost(PATIENCE).until(() -> results(job).size() == 2);
        assertThat(results(job)).containsOnly(result);
      }
    }
  }

  @ConcurrentTest
  void aJobWhoseWorkersAllDieFails() throws Exception {
    WorkerConfig usual = fixture.config("survivor");
    WorkerConfig.Delivery delivery = usual.delivery();
    WorkerConfig twice =
        WorkerFixture.with(
            usual,
            new WorkerConfig.Delivery(
                delivery.group(),
                delivery.lock(),
                2,
                delivery.retryDelay(),
                delivery.jobsAtATime(),
                delivery.grace()));
    String job = fixture.submit("deadly", input, fixture.model);
    try (ChildWorker child = child()) {
      awaitRefining(job, ChildWorker.NAME);
      child.kill();
    }

    try (Worker survivor = fixture.start(twice)) {
      JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(failed.message()).contains("Delivered 1 times");
      assertThat(survivor.health().status()).isEqualTo(Status.UP);
    }
  }

  private ChildWorker child() throws Exception {
    return new ChildWorker(stack, fixture.topics, fixture.group, folder.resolve("child"), LOCK);
  }

  private void awaitRefining(String job, String worker) {
    await().atMost(PATIENCE).until(() -> refinings(job, worker) == 1);
  }

  private long refinings(String job, String worker) {
    return states(job, worker).stream().filter(JobEvent.State.REFINING::equals).count();
  }

  private List<JobEvent.State> states(String job, String worker) {
    return fixture.records(fixture.topics.events(), job).stream()
        .map(record -> JobEvent.parse(record.value()))
        .filter(event -> event.worker().equals(worker))
        .map(JobEvent::state)
        .toList();
  }

  private List<JobResult> results(String job) {
    return fixture.records(fixture.topics.results(), job).stream()
        .map(record -> JobResult.parse(record.value()))
        .toList();
  }
}
