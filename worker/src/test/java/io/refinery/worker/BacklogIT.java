package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.refinery.broker.Backlog;
import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerConfig;
import io.refinery.broker.BrokerException;
import io.refinery.broker.KafkaClients;
import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.message.Topics;
import io.refinery.registry.ModelReference;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests what is read of waiting jobs from outside; runs on brokers with and without share groups.
 */
@StackTest
class BacklogIT {

  private static final int PARTITIONS = 4;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private BacklogReader reader;
  private ObjectRef input;

  BacklogIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    use(new WorkerFixture(stack, folder));
  }

  private void use(WorkerFixture used) throws Exception {
    fixture = used;
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(3));
    reader = reader(fixture.topics, stack.kafkaProperties());
  }

  @AfterEach
  void tidy() {
    reader.close();
    fixture.close();
  }

  private static BacklogReader reader(Topics topics, Map<String, Object> properties) {
    BrokerConfig broker = new BrokerConfig(properties, topics, 1, (short) 1);
    return new BacklogReader(broker, new KafkaClients(broker, "backlog"));
  }

  private long count() {
    return jobs().values().stream().mapToLong(Backlog::records).sum();
  }

  private Map<JobPriority, Backlog> jobs() {
    return reader.jobs(fixture.group);
  }

  private String submitHigh(String name) {
    Job job = new Job(fixture.jobId(name), input, ModelReference.parse(fixture.model));
    fixture.send(fixture.topics.highJobs(), job.id(), job.toJson());
    return job.id();
  }

  @ConcurrentTest
  void jobsCountBeforeAnyWorkerHasRunAndWhileNoneRuns() {
    Instant before = Instant.now();
    List<String> first =
        List.of(
            fixture.submit("1", input, fixture.model),
            fixture.submit("2", input, fixture.model),
            submitHigh("3"));

    Map<JobPriority, Backlog> waiting = jobs();
    assertThat(waiting.get(JobPriority.NORMAL).records()).isEqualTo(2);
    assertThat(waiting.get(JobPriority.HIGH).records()).isEqualTo(1);
    assertThat(waiting.get(JobPriority.NORMAL).oldest().orElseThrow())
        .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      first.forEach(fixture::success);
      await().atMost(PATIENCE).until(() -> count() == 0);
      assertThat(jobs().get(JobPriority.NORMAL).oldest()).isEmpty();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
    fixture.submit("4", input, fixture.model);
    submitHigh("5");
    submitHigh("6");
    Map<JobPriority, Backlog> again = jobs();
    assertThat(again.get(JobPriority.NORMAL).records()).isEqualTo(1);
    assertThat(again.get(JobPriority.HIGH).records()).isEqualTo(2);
    assertThat(again.get(JobPriority.HIGH).oldest()).isPresent();
  }

  @ConcurrentTest
  void aJobInHandCountsUntilItHasEnded() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String job = fixture.submit("held", input, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      assertThat(count()).isEqualTo(1);
      assertThat(jobs().get(JobPriority.NORMAL).oldest()).isPresent();
      engine.let(1_000);
      fixture.success(job);
      await().atMost(PATIENCE).until(() -> count() == 0);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void jobsInSeveralPartitionsCountWhetherTheyAreCopiedOrNot() throws Exception {
    tidy();
    use(new WorkerFixture(stack, folder, PARTITIONS));
    List<String> jobs =
        IntStream.range(0, 2 * PARTITIONS)
            .mapToObj(one -> fixture.submit("many-" + one, input, one % PARTITIONS))
            .toList();
    assertThat(count()).isEqualTo(jobs.size());

    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      await().atMost(PATIENCE).until(() -> engine.begun() > 0);
      // All are copied by then, or not at all; in between, one may count twice.
      await().atMost(PATIENCE).until(() -> count() == jobs.size());
      engine.let(1_000);
      jobs.forEach(fixture::success);
      await().atMost(PATIENCE).until(() -> count() == 0);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void trainingsAndDeadLettersCount() {
    assertThat(reader.trainings("trainers").records()).isZero();
    assertThat(reader.deadLetters()).isZero();
    fixture.send(fixture.topics.trainings(), "t", "{}".getBytes(StandardCharsets.UTF_8));
    fixture.send(fixture.topics.dead(), "d", "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.trainings(fixture.group + "-trainers").records()).isEqualTo(1);
    assertThat(reader.deadLetters()).isEqualTo(1);
  }

  @ConcurrentTest
  void topicsThatDoNotExistHaveNoMessages() {
    try (BacklogReader nothing =
        reader(new Topics(fixture.jobId("none.")), stack.kafkaProperties())) {
      assertThat(nothing.jobs("nobody").values()).extracting(Backlog::records).containsOnly(0L);
      assertThat(nothing.trainings("nobody").records()).isZero();
      assertThat(nothing.deadLetters()).isZero();
    }
  }

  @ConcurrentTest
  void aBrokerThatDoesNotAnswerIsNamed() {
    Map<String, Object> properties = new HashMap<>(stack.kafkaProperties());
    properties.put("bootstrap.servers", "127.0.0.1:1");
    properties.put("default.api.timeout.ms", 500);
    properties.put("request.timeout.ms", 500);
    try (BacklogReader away = reader(fixture.topics, properties)) {
      assertThatExceptionOfType(BrokerException.class)
          .isThrownBy(() -> away.jobs(fixture.group))
          .withMessageContaining("127.0.0.1:1 does not answer");
    }
  }
}
