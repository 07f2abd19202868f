package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.worker.Stages.Stage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StageProgressTest {

  private final AtomicLong nanos = new AtomicLong(7);
  private final StageProgress progress = new StageProgress(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void theBeginAndTheEndOfAPieceAreProgress() {
    pass(Duration.ofSeconds(5));
    assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(5));
    progress.begins(Stage.REFINE);
    assertThat(progress.standstill()).isZero();
    pass(Duration.ofSeconds(3));
    assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(3));
    progress.ends(Stage.REFINE);
    assertThat(progress.standstill()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"FETCH", "STORE"})
  void aTransferIsNeverAtAStandstillBecauseTheClientTimesIt(Stage transfer) {
    progress.begins(transfer);
    pass(Duration.ofDays(1));
    assertThat(progress.standstill()).isZero();
    progress.ends(transfer);
    pass(Duration.ofSeconds(1));
    assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aWaitForOtherJobsOnTheEngineIsNotAStandstill() {
    progress.waits();
    pass(Duration.ofDays(1));
    assertThat(progress.standstill()).isZero();
    progress.hasTurn();
    pass(Duration.ofSeconds(2));
    assertThat(progress.standstill()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void theStagesThatRunAreNamed() {
    assertThat(progress.where()).isEqualTo("no stage");
    progress.begins(Stage.ENCODE);
    progress.begins(Stage.DECODE);
    progress.begins(Stage.DECODE);
    progress.ends(Stage.DECODE);
    assertThat(progress.where()).isEqualTo("the stage 'decode' and the stage 'encode'");
    progress.ends(Stage.ENCODE);
    progress.ends(Stage.DECODE);
    assertThat(progress.where()).isEqualTo("no stage");
  }
}
