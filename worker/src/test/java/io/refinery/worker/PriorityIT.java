package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.registry.ModelReference;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class PriorityIT {

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef small;
  private ObjectRef large;

  PriorityIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    small = fixture.upload(fixture.bundle(1));
    large = fixture.upload(fixture.bundle(800));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aJobOfHighPriorityOvertakesNormalOnesThatRunAndWait() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String running = fixture.submit("running", large, 0);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      String next = fixture.submit("next", small, 0);
      String waiting = fixture.submit("waiting", small, 0);

      Job urgent = new Job(fixture.jobId("urgent"), small, ModelReference.parse(fixture.model));
      fixture.send(fixture.topics.jobs(JobPriority.HIGH), urgent.id(), urgent.toJson());
      await().atMost(PATIENCE).until(() -> isSeen(fixture.topics.events(), urgent.id()));
      // Allows a batch now and then, far fewer than the running job has.
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(PATIENCE)
          .until(
              () -> {
                engine.let(1);
                return isSeen(fixture.topics.results(), urgent.id());
              });

      assertThat(isSeen(fixture.topics.results(), running)).isFalse();
      assertThat(isSeen(fixture.topics.results(), next)).isFalse();
      engine.let(1_000);
      assertThat(fixture.success(running).images()).isEqualTo(800);
      fixture.success(next);
      fixture.success(waiting);
      assertThat(fixture.success(urgent.id()).images()).isEqualTo(1);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  private boolean isSeen(String topic, String job) {
    return !fixture.records(topic, job).isEmpty();
  }
}
