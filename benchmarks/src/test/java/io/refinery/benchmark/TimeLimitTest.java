package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

  @Test
  void noMeasurementMayTakeSoLongThatOthersHaveNoTime() {
    assertThat(new TimeLimit(Duration.ofHours(3)).patience()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void whenTheTimeIsOverNoMeasurementAndNoRoundBegins() {
    TimeLimit over = new TimeLimit(Duration.ZERO);
    assertThat(over.endRound()).isFalse();
    assertThat(over.patience()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aRoundThatFitsBegins() {
    assertThat(new TimeLimit(Duration.ofHours(1)).endRound()).isTrue();
  }
}
