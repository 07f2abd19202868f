package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

  @Test
  void aMeasurementLeavesTimeForOthers() {
    assertThat(new TimeLimit(Duration.ofHours(3)).patience()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void afterTheTimeLimitNoMeasurementOrRoundStarts() {
    TimeLimit over = new TimeLimit(Duration.ZERO);
    assertThat(over.endRound()).isFalse();
    assertThat(over.patience()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aRoundThatFitsIsStarted() {
    assertThat(new TimeLimit(Duration.ofHours(1)).endRound()).isTrue();
  }
}
