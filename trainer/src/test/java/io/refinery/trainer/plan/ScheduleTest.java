package io.refinery.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.trainer.plan.Schedule.Phase;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void phasesFollowEachOtherAndEmptyOnesAreSkipped() {
    Schedule schedule = new Schedule(4, 2, 0, 3, 2, 1, 8);
    assertThat(schedule.total()).isEqualTo(5);
    assertThat(schedule.phaseAfter(1)).isEqualTo(Phase.REFINER_PRETRAINING);
    assertThat(schedule.phaseAfter(2)).isEqualTo(Phase.ADVERSARIAL);
    assertThat(schedule.stepsBehind(Phase.ADVERSARIAL, 2)).isZero();
    assertThat(schedule.stepsBehind(Phase.ADVERSARIAL, 4)).isEqualTo(2);
  }

  @Test
  void aMiniBatchHasTwoHalves() {
    assertThatThrownBy(() -> new Schedule(1, 0, 0, 1, 1, 1, 8))
        .hasMessageContaining("batch must be at least 2, not 1");
  }

  @Test
  void aHistorySmallerThanHalfAMiniBatchIsRejected() {
    assertThatThrownBy(() -> new Schedule(8, 0, 0, 1, 1, 1, 3))
        .hasMessageContaining("at least half a mini-batch (4 images), not 3");
  }

  @Test
  void aStepUpdatesBothNetworks() {
    assertThatThrownBy(() -> new Schedule(8, 0, 0, 1, 0, 1, 8))
        .hasMessageContaining("refinerUpdates must be at least 1, not 0");
  }

  @Test
  void thePaperTrainsEyesLikeThis() {
    Schedule paper = Preset.named("eyes-paper").plan().schedule();
    assertThat(paper.batch()).isEqualTo(512);
    assertThat(paper.refinerPretraining()).isEqualTo(1000);
    assertThat(paper.discriminatorPretraining()).isEqualTo(200);
    assertThat(paper.refinerUpdates()).isEqualTo(2);
    assertThat(paper.discriminatorUpdates()).isEqualTo(1);
  }
}
