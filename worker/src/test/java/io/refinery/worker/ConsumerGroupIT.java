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
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the promises of delivery on a topic of several partitions; the profile {@code brokers} runs
 * it on a broker without share groups.
 */
@StackTest
class ConsumerGroupIT {

  private static final int PARTITIONS = 8;
  private static final Duration LOCK = Duration.ofSeconds(3);

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;

  ConsumerGroupIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder, PARTITIONS);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(16));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ConcurrentTest
  void jobsOfAllPartitionsAreRefinedOnceAndLeaveNoCounts() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < 2 * PARTITIONS; i++) {
        jobs.add(fixture.submit("many-" + i, input, i % PARTITIONS));
      }
      jobs.forEach(fixture::success);
      assertThat(jobs).allSatisfy(job -> assertThat(results(job)).hasSize(1));
      assertThat(worker.health().status()).isEqualTo(Status.UP);
      awaitNoCounts();
    }
  }

  @ConcurrentTest
  void aJobThatAlwaysFailsIsTriedFourTimesAndHasAResultAndADeadLetter() {
    FailingStorage failing =
        new FailingStorage(fixture.storage, "download", input::equals, Integer.MAX_VALUE);
    try (Worker worker = Worker.start(fixture.config("worker"), failing.storage())) {
      String job = fixture.submit("poison", input, 0);
      JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(failed.message()).contains("4 times");
      assertThat(fixture.first(fixture.topics.dead(), job).value()).isNotEmpty();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
      awaitNoCounts();
    }
  }

  @ConcurrentTest
  void aWorkerThatStopsHandsItsJobToAnother() {
    GatedEngine stuck = new GatedEngine();
    stuck.let(1);
    Worker first = fixture.start(fixture.config("first"), stuck);
    String job = fixture.submit("handed-on", input, 3);
    await().atMost(PATIENCE).until(() -> stuck.begun() == 2);
    stuck.let(1);
    first.close();

    try (Worker second = fixture.start(fixture.config("second"))) {
      assertThat(fixture.success(job).images()).isEqualTo(16);
      assertThat(second.health().status()).isEqualTo(Status.UP);
      assertThat(results(job)).hasSize(1);
    }
  }

  @ConcurrentTest
  void aJobWhoseWorkerIsKilledIsRefinedByAnother() throws Exception {
    try (ChildWorker child = child()) {
      String job = fixture.submit("killed", input, 5);
      await().atMost(PATIENCE).until(() -> states(job).contains(JobEvent.State.REFINING));
      child.kill();
      try (Worker other = fixture.start(fixture.config("other"))) {
        assertThat(fixture.success(job).images()).isEqualTo(16);
        assertThat(other.health().status()).isEqualTo(Status.UP);
      }
      assertThat(results(job)).hasSize(1);
    }
  }

  @ConcurrentTest
  void aSuspendedWorkerPublishesTheResultOfTheOneThatTookItsJob() throws Exception {
    try (ChildWorker child = child()) {
      String job = fixture.submit("frozen", input, 5);
      await().atMost(PATIENCE).until(() -> states(job).contains(JobEvent.State.REFINING));
      child.freeze();
      try (Worker other = fixture.start(fixture.config("other"))) {
        JobResult.Succeeded result = fixture.success(job);
        assertThat(result.engine()).isEqualTo(other.engine().description());
        child.thaw();
        child.let();
        await().atMost(PATIENCE).until(() -> results(job).size() >= 2);
        assertThat(results(job)).containsOnly(result);
      }
    }
  }

  @ConcurrentTest
  void aLongJobStaysWithItsWorkerWhenOthersJoinAndLeaveAndDelaysNoOtherPartition() {
    GatedEngine stuck = new GatedEngine();
    try (Worker busy = fixture.start(fixture.config("busy"), stuck)) {
      String longJob = fixture.submit("long", input, 0);
      await().atMost(PATIENCE).until(() -> stuck.begun() == 1);
      try (Worker idle = fixture.start(fixture.config("idle"))) {
        List<String> behind = new ArrayList<>();
        for (int partition = 1; partition < PARTITIONS; partition++) {
          behind.add(fixture.submit("behind-" + partition, input, partition));
        }
        // Those of the partitions that moved to the idle worker.
        await()
            .atMost(PATIENCE)
            .until(() -> behind.stream().filter(job -> !results(job).isEmpty()).count() >= 3);
        assertThat(idle.health().status()).isEqualTo(Status.UP);
      }
      stuck.let(1_000);
      fixture.success(longJob);
      assertThat(states(longJob).stream().filter(JobEvent.State.ACCEPTED::equals)).hasSize(1);
      assertThat(busy.health().status()).isEqualTo(Status.UP);
    }
  }

  private ChildWorker child() throws Exception {
    return new ChildWorker(stack, fixture.topics, fixture.group, folder.resolve("child"), LOCK);
  }

  private void awaitNoCounts() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                fixture.storage.list(stack.bucket(), "attempts/" + fixture.group + "/").isEmpty());
  }

  private List<JobResult> results(String job) {
    return fixture.records(fixture.topics.results(), job).stream()
        .map(record -> JobResult.parse(record.value()))
        .toList();
  }

  private List<JobEvent.State> states(String job) {
    return fixture.records(fixture.topics.events(), job).stream()
        .map(record -> JobEvent.parse(record.value()).state())
        .toList();
  }
}
