package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.ErrorCode;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests what happens to jobs when workers share them, stop, hang and return. */
@StackTest
class DeliveryIT {

  private static final Duration SHORT_LOCK = Duration.ofSeconds(2);

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;

  DeliveryIT(Stack stack) {
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
  void twoWorkersShareTheJobsOfOnePartition() {
    GatedEngine one = new GatedEngine();
    GatedEngine two = new GatedEngine();
    try (Worker first = fixture.start(fixture.config("first"), one);
        Worker second = fixture.start(fixture.config("second"), two)) {
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        jobs.add(fixture.submit("shared-" + i, input, fixture.model));
      }
      await().atMost(PATIENCE).until(() -> one.begun() > 0 && two.begun() > 0);
      one.let(100);
      two.let(100);

      jobs.forEach(fixture::success);
      assertThat(List.of(one.refined() + two.refined())).containsExactly(16);
      WorkerFixture.awaitMetric(first, "refinery_jobs_total");
      WorkerFixture.awaitMetric(second, "refinery_jobs_total");
    }
  }

  @ConcurrentTest
  void theNextJobIsFetchedWhileOneIsRefined() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String one = fixture.submit("one", input, fixture.model);
      String two = fixture.submit("two", input, fixture.model);
      await()
          .atMost(PATIENCE)
          .until(() -> states(one).contains("refining") && states(two).contains("refining"));
      assertThat(engine.begun()).isEqualTo(1);
      assertThat(worker.metrics()).contains("refinery_jobs_running 2.0");
      engine.let(100);
      fixture.success(one);
      fixture.success(two);
    }
  }

  @ConcurrentTest
  void aJobSubmittedTwiceIsRefinedOnceAndHasOneResult() {
    GatedEngine engine = new GatedEngine();
    engine.let(100);
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String job = fixture.submit("twice", input, fixture.model);
      JobResult result = fixture.result(job);

      fixture.submit("twice", input, fixture.model);
      await().atMost(PATIENCE).until(() -> results(job).size() == 2);

      assertThat(results(job)).containsOnly(result);
      assertThat(engine.refined()).isEqualTo(2);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aJobRefinedByTwoWorkersAtOnceHasOneResult() {
    GatedEngine one = new GatedEngine();
    GatedEngine two = new GatedEngine();
    try (Worker first = fixture.start(oneAtATime("first"), one);
        Worker second = fixture.start(oneAtATime("second"), two)) {
      String job = fixture.submit("raced", input, fixture.model);
      fixture.submit("raced", input, fixture.model);
      await().atMost(PATIENCE).until(() -> one.begun() > 0 && two.begun() > 0);
      two.let(100);
      JobResult result = fixture.result(job);
      one.let(100);
      await().atMost(PATIENCE).until(() -> results(job).size() == 2);

      assertThat(Set.copyOf(results(job))).containsExactly(result);
      assertThat(first.name()).isNotEqualTo(second.name());
    }
  }

  @ConcurrentTest
  void aWorkerThatStopsDuringAJobHandsItToAnother() {
    GatedEngine stuck = new GatedEngine();
    stuck.let(1);
    Worker first = fixture.start(fixture.config("first"), stuck);
    String job = fixture.submit("handed-on", input, fixture.model);
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
  void aJobLongerThanItsLockIsKeptByRenewingIt() {
    GatedEngine engine = new GatedEngine();
    WorkerConfig config = withLock(fixture.config("worker"), SHORT_LOCK);
    try (Worker worker = fixture.start(config, engine);
        Worker idle = fixture.start(withLock(fixture.config("idle"), SHORT_LOCK), engine)) {
      String job = fixture.submit("long", input, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      await()
          .pollDelay(SHORT_LOCK.multipliedBy(3))
          .atMost(PATIENCE)
          .until(() -> engine.begun() == 1);
      engine.let(100);

      fixture.success(job);
      assertThat(states(job).stream().filter("accepted"::equals)).hasSize(1);
      assertThat(results(job)).hasSize(1);
      assertThat(idle.name()).isNotEqualTo(worker.name());
    }
  }

  @ConcurrentTest
  void aTransientStoreFailureIsRetried() {
    FailingStorage failing = new FailingStorage(fixture.storage, "download", input::equals, 2);
    try (Worker worker = Worker.start(fixture.config("worker"), failing.storage())) {
      String job = fixture.submit("passing", input, fixture.model);

      assertThat(fixture.success(job).images()).isEqualTo(16);
      await().atMost(PATIENCE).until(() -> states(job).contains("succeeded"));
      assertThat(states(job).stream().filter("released"::equals)).hasSize(2);
      assertThat(worker.metrics()).contains("refinery_jobs_released_total 2.0");
    }
  }

  @ConcurrentTest
  void aSingleNoOfTheStoreFailsNoJob() {
    FailingStorage failing =
        new FailingStorage(
            fixture.storage,
            "download",
            input::equals,
            1,
            () -> new StorageException(StorageException.Kind.NOT_FOUND, "Not found, this once"));
    try (Worker worker = Worker.start(fixture.config("worker"), failing.storage())) {
      String job = fixture.submit("once", input, fixture.model);
      assertThat(fixture.success(job).images()).isEqualTo(16);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aPermanentStoreFailureCausesAFailedResultAndADeadLetter() {
    FailingStorage failing =
        new FailingStorage(fixture.storage, "download", input::equals, Integer.MAX_VALUE);
    try (Worker worker = Worker.start(fixture.config("worker"), failing.storage())) {
      String job = fixture.submit("lasting", input, fixture.model);

      JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(failed.message()).contains("4 times").contains(FailingStorage.TROUBLE);
      await().atMost(PATIENCE).until(() -> !dead(job).isEmpty());
      assertThat(dead(job)).containsExactly("INTERNAL");

      String good = fixture.submit("good", copyOfInput(), fixture.model);
      assertThat(fixture.success(good).images()).isEqualTo(16);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  private ObjectRef copyOfInput() {
    ObjectRef copy = fixture.ref("bundles/" + fixture.jobId("copy"));
    fixture.storage.put(copy, fixture.storage.read(input, Long.MAX_VALUE).bytes());
    return copy;
  }

  private WorkerConfig oneAtATime(String name) {
    WorkerConfig config = fixture.config(name);
    WorkerConfig.Delivery usual = config.delivery();
    return WorkerFixture.with(
        config,
        new WorkerConfig.Delivery(
            usual.group(), usual.lock(), usual.deliveries(), usual.retryDelay(), 1, usual.grace()));
  }

  private static WorkerConfig withLock(WorkerConfig config, Duration lock) {
    WorkerConfig.Delivery usual = config.delivery();
    return WorkerFixture.with(
        config,
        new WorkerConfig.Delivery(
            usual.group(),
            lock,
            usual.deliveries(),
            usual.retryDelay(),
            usual.jobsAtATime(),
            usual.grace()));
  }

  private List<JobResult> results(String job) {
    return fixture.records(fixture.topics.results(), job).stream()
        .map(record -> JobResult.parse(record.value()))
        .toList();
  }

  private List<String> dead(String job) {
    return fixture.records(fixture.topics.dead(), job).stream()
        .map(record -> header(record.headers(), "refinery.error.code"))
        .toList();
  }

  private List<String> states(String job) {
    return fixture.records(fixture.topics.events(), job).stream()
        .map(record -> JobEvent.parse(record.value()).state().toString())
        .toList();
  }
}
