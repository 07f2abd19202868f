package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theMedianOfAnEvenNumberOfRoundsLiesBetweenTheMiddleTwo() {
    assertThat(Spread.of(DoubleStream.of(4, 1, 2, 10))).isEqualTo(new Spread(3, 1, 10));
  }

  @Test
  void theMedianOfAnOddNumberOfRoundsIsTheMiddleOne() {
    assertThat(Spread.of(DoubleStream.of(4, 1, 10))).isEqualTo(new Spread(4, 1, 10));
  }
}
