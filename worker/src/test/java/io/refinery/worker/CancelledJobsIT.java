package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.ErrorCode;
import io.refinery.message.JobControl;
import io.refinery.message.JobControl.Action;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a cancelled job ends as cancelled, whenever the message comes. */
@StackTest
class CancelledJobsIT {

  private static final int BATCHES = 100;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;

  CancelledJobsIT(Stack stack) {
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
  void aWaitingJobIsCancelledWithoutBeingRefined() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(oneAtATime("worker"), engine)) {
      String first = fixture.submit("first", input, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      String waiting = fixture.submit("waiting", input, fixture.model);
      cancel(waiting);
      assertCancelled(waiting);
      engine.let(100);
      fixture.success(first);

      await().atMost(PATIENCE).until(() -> results(waiting).size() == 2);
      assertThat(results(waiting)).containsOnly(results(waiting).get(0));
      assertThat(engine.refined()).isEqualTo(2);
      assertThat(dead(waiting)).isEmpty();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aRunningJobStopsBetweenTwoBatchesAndLeavesNothing() throws Exception {
    ObjectRef large = fixture.upload(fixture.bundle(BATCHES * 8));
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(oneAtATime("worker"), engine)) {
      String running = fixture.submit("running", large, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      cancel(running);
      assertCancelled(running);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                engine.let(1);
                return results(running).size() == 2;
              });
      assertThat(results(running)).containsOnly(results(running).get(0));
      assertThat(engine.refined()).isLessThan(BATCHES);
      assertThat(refined(running)).isEmpty();
      assertThat(dead(running)).isEmpty();

      engine.let(100);
      assertThat(fixture.success(fixture.submit("next", input, fixture.model)).images())
          .isEqualTo(16);
      WorkerFixture.awaitMetric(worker, "code=\"CANCELLED\"");
    }
  }

  @ConcurrentTest
  void aCancellationSentWhileNoWorkerRunsIsCarriedOutLater() {
    String job = fixture.submit("early", input, fixture.model);
    cancel(job);
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      assertCancelled(job);
      engine.let(100);
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @ConcurrentTest
  void aCancellationThatComesBeforeItsJobCancelsIt() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      cancel(fixture.jobId("later"));
      assertCancelled(fixture.jobId("later"));

      String job = fixture.submit("later", input, fixture.model);
      await().atMost(PATIENCE).until(() -> results(job).size() == 2);

      assertThat(results(job)).containsOnly(results(job).get(0));
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @ConcurrentTest
  void aJobThatHasEndedKeepsItsResult() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String job = fixture.submit("done", input, fixture.model);
      JobResult.Succeeded result = fixture.success(job);
      cancel(job);
      cancel(fixture.jobId("marker"));
      assertCancelled(fixture.jobId("marker")); // So the cancellation before it was read.

      assertThat(results(job)).containsExactly(result);
      assertThat(fixture.storage.find(result.output())).isPresent();
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @ConcurrentTest
  void aJobCancelledTwiceHasOneResult() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String job = fixture.jobId("twice");
      cancel(job);
      cancel(job);
      await().atMost(PATIENCE).until(() -> results(job).size() == 2);

      assertThat(results(job)).containsOnly(results(job).get(0));
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @ConcurrentTest
  void aCancellationIsNotSkippedWhenTheStoreRefusesItForAWhile() {
    String job = fixture.jobId("refused");
    FailingStorage failing =
        new FailingStorage(
            fixture.storage,
            "putIfAbsent",
            ref -> ref.key().contains(job),
            3,
            () -> new StorageException(StorageException.Kind.DENIED, "Not allowed, for a while"));
    try (Worker worker = Worker.start(fixture.config("worker"), failing.storage())) {
      cancel(job);
      assertCancelled(job);
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @ConcurrentTest
  void aMalformedControlMessageIsADeadLetterAndDelaysNoOther() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String job = fixture.jobId("spelt");
      fixture.send(
          fixture.topics.jobControl(),
          job,
          "{\"action\":\"cancle\"}".getBytes(StandardCharsets.UTF_8));
      cancel(fixture.jobId("after"));
      assertCancelled(fixture.jobId("after"));

      await().atMost(PATIENCE).until(() -> !dead(job).isEmpty());
      assertThat(dead(job)).containsExactly("BAD_MESSAGE");
      assertThat(results(job)).isEmpty();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  private void cancel(String job) {
    fixture.send(fixture.topics.jobControl(), job, new JobControl(job, Action.CANCEL).toJson());
  }

  private void assertCancelled(String job) {
    assertThat(fixture.result(job))
        .isInstanceOfSatisfying(
            JobResult.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.CANCELLED);
              assertThat(failed.message()).contains("was cancelled");
            });
  }

  private WorkerConfig oneAtATime(String name) {
    WorkerConfig config = fixture.config(name);
    WorkerConfig.Delivery usual = config.delivery();
    return WorkerFixture.with(
        config,
        new WorkerConfig.Delivery(
            usual.group(), usual.lock(), usual.deliveries(), usual.retryDelay(), 1, usual.grace()));
  }

  private List<JobResult> results(String job) {
    return fixture.records(fixture.topics.results(), job).stream()
        .map(ConsumerRecord::value)
        .map(JobResult::parse)
        .toList();
  }

  private List<String> dead(String job) {
    return fixture.records(fixture.topics.dead(), job).stream()
        .map(record -> header(record.headers(), "refinery.error.code"))
        .toList();
  }

  private List<?> refined(String job) {
    return fixture.storage.list(stack.bucket(), ResultStore.REFINED + job);
  }
}
