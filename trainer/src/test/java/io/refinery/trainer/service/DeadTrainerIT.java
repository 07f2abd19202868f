package io.refinery.trainer.service;

import static io.refinery.trainer.service.TrainerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.ModelVersion;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  @ConcurrentTest
  void aKilledTrainersTrainingResumesElsewhereAndPublishesOneVersion() throws Exception {
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
      assertThat(fixture.registry.versions(fixture.model)).containsExactly(version.number());
    }
  }

  private static boolean says(TrainingUpdate notice, TrainerService trainer) {
    return notice.trainer().equals(trainer.name());
  }

  @ConcurrentTest
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
}
