package io.refinery.trainer.service;

import static io.refinery.trainer.service.TrainerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.bundle.BundleLimits;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.Precision;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what happens to trainings when a trainer's process dies. */
@StackTest
class DeadTrainerIT {

  @TempDir Path folder;
  private final Stack stack;
  private TrainerFixture fixture;

  DeadTrainerIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new TrainerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aKilledTrainersTrainingResumesElsewhereAndARunningWorkerServesItsVersion() throws Exception {
    try (Worker worker = Worker.start(workerConfig(), fixture.storage)) {
      ModelVersion first = firstVersion();
      assertThat(refined("before").model()).isEqualTo(first);

      String training;
      try (ChildTrainer child = child("/checkpoints/", 1)) {
        training = fixture.submit(fixture.order("killed", 40, 10));
        fixture.awaitTold(training, State.CHECKPOINT);
        child.kill();
      }
      try (TrainerService second = fixture.start("second")) {
        TrainingUpdate published = fixture.awaitTold(training, State.PUBLISHED);

        assertThat(published.trainer()).isEqualTo(second.name());
        assertThat(fixture.notices(training).stream().filter(notice -> says(notice, second)))
            .anyMatch(notice -> notice.detail().orElse("").equals("Resumed after step 10 of 45."));
        ModelVersion version = published.version().orElseThrow();
        assertThat(fixture.registry.versions(fixture.model)).containsExactly(1, version.number());
        await()
            .atMost(PATIENCE)
            .until(() -> worker.health().serving().containsValue(version.toString()));
        assertThat(refined("after").model()).isEqualTo(version);
      }
    }
  }

  private static boolean says(TrainingUpdate notice, TrainerService trainer) {
    return notice.trainer().equals(trainer.name());
  }

  @Test
  void aTrainerKilledAfterPublicationLeavesOneVersionAndAnotherReportsIt() throws Exception {
    String training;
    try (ChildTrainer child = child("/outcome.json", 0)) {
      training = fixture.submit(fixture.order("published", 6, 0));
      await()
          .atMost(PATIENCE)
          .until(() -> fixture.registry.channels(fixture.model).containsKey("latest"));
      child.kill();
    }
    assertThat(fixture.states.outcome(training)).isEmpty();

    try (TrainerService second = fixture.start("second")) {
      TrainingUpdate published = fixture.awaitTold(training, State.PUBLISHED);
      assertThat(published.trainer()).isEqualTo(second.name());
      assertThat(published.version()).contains(new ModelVersion(fixture.model, 1));
      assertThat(fixture.registry.versions(fixture.model)).containsExactly(1);
      assertThat(fixture.notices(training).stream().filter(notice -> says(notice, second)))
          .noneMatch(notice -> notice.state() == State.STARTED);
    }
  }

  private ChildTrainer child(String gated, int permits) throws Exception {
    return new ChildTrainer(
        stack, fixture.topics, fixture.group, folder.resolve("child"), gated, permits);
  }

  private ModelVersion firstVersion() {
    try (TrainerService trainer = fixture.start("first")) {
      String training = fixture.submit(fixture.order("first", 1, 0));
      ModelVersion version = fixture.awaitTold(training, State.PUBLISHED).version().orElseThrow();
      assertThat(version.number()).isEqualTo(1);
      assertThat(trainer.name()).isEqualTo("first");
      return version;
    }
  }

  private JobResult.Succeeded refined(String name) {
    Job job =
        new Job(
            fixture.trainingId(name),
            fixture.ref("synthetic/one.h5"),
            ModelReference.parse(fixture.model + "@latest"));
    fixture.send(fixture.topics.jobs(), job.id(), job.toJson());
    await()
        .atMost(PATIENCE)
        .until(() -> !fixture.records(fixture.topics.results(), job.id()).isEmpty());
    byte[] result = fixture.records(fixture.topics.results(), job.id()).get(0).value();
    assertThat(JobResult.parse(result)).isInstanceOf(JobResult.Succeeded.class);
    return (JobResult.Succeeded) JobResult.parse(result);
  }

  private WorkerConfig workerConfig() {
    WorkerConfig.Delivery usual = WorkerConfig.Delivery.DEFAULT;
    return new WorkerConfig(
        "worker",
        fixture.broker(),
        new WorkerConfig.Delivery(
            fixture.group + "-workers",
            usual.lock(),
            usual.deliveries(),
            usual.retryDelay(),
            1,
            usual.grace()),
        stack.bucket(),
        Set.of(stack.bucket()),
        BundleLimits.DEFAULT,
        OptionalInt.of(8),
        "onnx",
        Device.cpu(),
        Precision.FULL,
        EngineOptions.DEFAULTS,
        WorkerConfig.Models.DEFAULT,
        folder.resolve("worker"),
        Optional.empty());
  }
}
