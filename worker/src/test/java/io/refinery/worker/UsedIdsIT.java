package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobEvent;
import io.refinery.message.JobEvent.State;
import io.refinery.message.JobResult;
import io.refinery.message.OutputFormat;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests messages whose id already stands for another job. */
@StackTest
class UsedIdsIT {

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;
  private ObjectRef other;

  UsedIdsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(3));
    other = fixture.upload(fixture.bundle(5));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aResultSaysWhichJobItIsOf() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String good = fixture.submit("good", input, fixture.model);
      String bad = fixture.submit("bad", fixture.ref("bundles/none.h5"), fixture.model);

      assertThat(fixture.success(good).job()).contains(job(good, input, Optional.empty()));
      assertThat(fixture.result(bad).job())
          .map(Job::input)
          .contains(fixture.ref("bundles/none.h5"));
      WorkerFixture.awaitMetric(worker, "refinery_jobs_total");
    }
  }

  @Test
  void aJobWithTheIdOfAnotherIsRefusedAndTheOthersResultIsNotItsAnswer() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String id = fixture.submit("used", input, fixture.model);
      JobResult first = fixture.success(id);

      fixture.submit("used", other, fixture.model);
      send(job(id, input, Optional.of(OutputFormat.ZIP)));
      send(new Job(id, input, ModelReference.parse(fixture.model + "@1")));
      fixture.send(fixture.topics.jobs(), id, "{\"id\":7}".getBytes(StandardCharsets.UTF_8));
      await().atMost(PATIENCE).until(() -> refusals(id).size() == 4);

      assertThat(refusals(id))
          .allSatisfy(
              event ->
                  assertThat(event.detail().orElseThrow())
                      .contains("already stands for another job", input.toString()));
      assertThat(fixture.records(fixture.topics.dead(), id))
          .extracting(letter -> header(letter.headers(), "refinery.error.code"))
          .containsExactlyInAnyOrder(
              "ID_ALREADY_USED", "ID_ALREADY_USED", "ID_ALREADY_USED", "BAD_MESSAGE");
      assertThat(results(id)).containsExactly(first);
      assertThat(worker.metrics()).contains("code=\"ID_ALREADY_USED\"");

      fixture.submit("used", input, fixture.model);
      await().atMost(PATIENCE).until(() -> results(id).size() == 2);
      assertThat(results(id)).containsOnly(first);
    }
  }

  @Test
  void ofTwoJobsWithOneIdThatRunAtOnceOneIsRefused() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String id = fixture.submit("raced", input, fixture.model);
      fixture.submit("raced", other, fixture.model);
      await().atMost(PATIENCE).until(() -> states(id, State.REFINING) == 2);
      engine.let(100);

      JobResult result = fixture.success(id);
      await().atMost(PATIENCE).until(() -> refusals(id).size() == 1);
      assertThat(refusals(id).get(0).detail().orElseThrow())
          .contains(result.job().orElseThrow().input().toString());
      assertThat(results(id)).containsExactly(result);
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  @Test
  void aMendedMessageUnderTheIdOfABadOneIsToldToUseAnotherId() {
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String id = fixture.jobId("mended");
      fixture.send(fixture.topics.jobs(), id, "refine my eyes".getBytes(StandardCharsets.UTF_8));
      assertThat(((JobResult.Failed) fixture.result(id)).code()).isEqualTo(ErrorCode.BAD_MESSAGE);

      fixture.submit("mended", input, fixture.model);
      await().atMost(PATIENCE).until(() -> refusals(id).size() == 1);

      assertThat(refusals(id).get(0).detail().orElseThrow()).contains("Use another id");
      assertThat(results(id)).hasSize(1);
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  private Job job(String id, ObjectRef bundle, Optional<OutputFormat> format) {
    return new Job(id, bundle, ModelReference.parse(fixture.model), format);
  }

  private void send(Job job) {
    fixture.send(fixture.topics.jobs(), job.id(), job.toJson());
  }

  private List<JobResult> results(String id) {
    return fixture.records(fixture.topics.results(), id).stream()
        .map(ConsumerRecord::value)
        .map(JobResult::parse)
        .toList();
  }

  private List<JobEvent> refusals(String id) {
    return events(id).stream().filter(event -> event.state() == State.REFUSED).toList();
  }

  private long states(String id, State state) {
    return events(id).stream().filter(event -> event.state() == state).count();
  }

  private List<JobEvent> events(String id) {
    return fixture.records(fixture.topics.events(), id).stream()
        .map(record -> JobEvent.parse(record.value()))
        .toList();
  }
}
