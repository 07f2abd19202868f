package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.registry.Manifest;
import io.refinery.registry.ModelVersion;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class NewVersionsIT {

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  NewVersionsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() {
    fixture = new WorkerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void theNextJobUsesTheChannelsNewVersionWithoutARestart() throws Exception {
    ModelVersion first = fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(9));
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      assertThat(fixture.success(fixture.submit("one", input, fixture.model)).model())
          .isEqualTo(first);

      ModelVersion second = fixture.publishStable(2);
      var refined = fixture.success(fixture.submit("two", input, fixture.model));

      assertThat(refined.model()).isEqualTo(second);
      assertThat(worker.health().serving())
          .containsEntry(fixture.model + "@stable", second.toString());
      String pinned = fixture.submit("three", input, first.toString());
      assertThat(fixture.success(pinned).model()).isEqualTo(first);
    }
  }

  @Test
  void anAnnouncementMakesTheNewVersionReadyBeforeAJobNeedsIt() throws Exception {
    fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(9));
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      fixture.success(fixture.submit("one", input, fixture.model));
      ModelVersion second = fixture.publishStable(2);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                fixture.announce(second);
                assertThat(worker.health().serving()).containsValue(second.toString());
              });
    }
  }

  @Test
  void aJobKeepsItsVersionWhenTheChannelMoves() throws Exception {
    ModelVersion first = fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(16));
    GatedEngine engine = new GatedEngine();
    try (Worker worker = fixture.start(fixture.config("worker"), engine)) {
      String before = fixture.submit("before", input, fixture.model);
      engine.let(1);
      await().atMost(PATIENCE).until(() -> engine.begun() == 2);
      ModelVersion second = fixture.publishStable(2);
      String after = fixture.submit("after", input, fixture.model);
      await()
          .atMost(PATIENCE)
          .until(() -> worker.health().serving().containsValue(second.toString()));
      engine.let(100);

      assertThat(fixture.success(before).model()).isEqualTo(first);
      assertThat(fixture.success(after).model()).isEqualTo(second);
    }
  }

  @Test
  void aRefusedVersionLeavesTheOldOneServingAndIsReportedInHealth() throws Exception {
    ModelVersion first = fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(9));
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      fixture.success(fixture.submit("one", input, fixture.model));
      ModelVersion second = fixture.publish(2);
      fixture.spoil(second, Manifest.REFINER_ONNX);
      fixture.moveStable(second);

      String job = fixture.submit("two", input, fixture.model + "@stable");

      assertThat(fixture.success(job).model()).isEqualTo(first);
      assertThat(worker.health().status()).isEqualTo(Status.DEGRADED);
      assertThat(worker.health().refused().get(second.toString())).contains(Manifest.REFINER_ONNX);
      assertThat(worker.metrics()).contains("refinery_models_refused 1.0");
    }
  }
}
