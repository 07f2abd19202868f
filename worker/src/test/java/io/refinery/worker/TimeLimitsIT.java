package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.engine.DeviceFailedException;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.worker.WorkerConfig.TimeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that no job holds a slot for ever. */
@StackTest
class TimeLimitsIT {

  private static final int BATCHES = 100;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef small;

  TimeLimitsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    small = fixture.upload(fixture.bundle(16));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ConcurrentTest
  void aJobWhoseDeadlineHasPassedFailsWithoutBeingRefined() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String late = submit("late", small, Instant.now().minusSeconds(1));
      assertThat(failure(late))
          .isEqualTo("DEADLINE_PASSED The job had no result at its deadline, " + deadline(late));
      await().atMost(PATIENCE).until(() -> !dead(late).isEmpty());

      assertThat(dead(late)).containsExactly("DEADLINE_PASSED");
      assertThat(engine.begun()).isZero();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aRunningJobEndsAtItsDeadlineAndItsSlotIsFree() throws Exception {
    ObjectRef large = fixture.upload(fixture.bundle(BATCHES * 8));
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String job = submit("running", large, Instant.now().plusSeconds(5));
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                engine.let(1);
                return !fixture.records(fixture.topics.results(), job).isEmpty();
              });
      assertThat(failure(job)).startsWith("DEADLINE_PASSED");
      assertThat(engine.refined()).isLessThan(BATCHES);

      engine.let(BATCHES);
      assertThat(fixture.success(submit("next", small, Instant.now().plus(PATIENCE))).images())
          .isEqualTo(16);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aJobThatRunsLongerThanTheLimitFails() throws Exception {
    ObjectRef large = fixture.upload(fixture.bundle(BATCHES * 8));
    GatedEngine engine = new GatedEngine();
    TimeLimits limits = new TimeLimits(Optional.of(Duration.ofSeconds(3)), Duration.ofHours(1));
    try (Worker worker =
        fixture.start(WorkerFixture.with(fixture.config("worker"), limits), engine)) {
      String job = fixture.submit("long", large, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                engine.let(1);
                return !fixture.records(fixture.topics.results(), job).isEmpty();
              });
      assertThat(failure(job))
          .isEqualTo(
              "TIME_LIMIT The job ran for PT3S, the most that refinery.worker.time-limit allows.");
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aWorkerWhoseEngineHangsGivesUpAndAnotherDoesTheJob() throws Exception {
    GatedEngine engine = new GatedEngine();
    TimeLimits limits = new TimeLimits(Optional.empty(), Duration.ofSeconds(2));
    String job;
    try (Worker worker =
        fixture.start(WorkerFixture.with(fixture.config("hanging"), limits), engine)) {
      job = fixture.submit("unlucky", small, fixture.model);
      DeviceFailedException loss = worker.deviceLost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(loss).hasMessageStartingWith("Job " + job + " hangs in the stage 'refine'");
      assertThat(worker.health().status()).isEqualTo(Status.DOWN);
      assertThat(worker.live().reasons()).contains(loss.getMessage());
      engine.let(BATCHES); // Or the worker could not be closed; its process would be killed.
    }
    try (Worker other = fixture.start(fixture.config("other"))) {
      assertThat(fixture.success(job).images()).isEqualTo(16);
      assertThat(other.health().status()).isEqualTo(Status.UP);
    }
  }

  private String submit(String name, ObjectRef input, Instant deadline) {
    Job job =
        new Job(fixture.jobId(name), input, ModelReference.parse(fixture.model))
            .withDeadline(Optional.of(deadline));
    fixture.send(fixture.topics.jobs(), job.id(), job.toJson());
    return job.id();
  }

  private String failure(String job) {
    JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
    return failed.code() + " " + failed.message();
  }

  private String deadline(String job) {
    return fixture.result(job).job().orElseThrow().deadline().orElseThrow() + ".";
  }

  private List<String> dead(String job) {
    return fixture.records(fixture.topics.dead(), job).stream()
        .map(record -> header(record.headers(), "refinery.error.code"))
        .toList();
  }
}
