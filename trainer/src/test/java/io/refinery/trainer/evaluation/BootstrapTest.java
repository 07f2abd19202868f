package io.refinery.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  @Test
  void anIntervalContainsTheTrueMeanAboutNineteenTimesOutOfTwenty() {
    SplittableRandom random = new SplittableRandom(3);
    int covered = 0;
    for (int trial = 0; trial < 400; trial++) {
      double[] values = new double[40];
      for (int i = 0; i < values.length; i++) {
        values[i] = 5 + 2 * random.nextGaussian();
      }
      Estimate mean = new Bootstrap(400, trial).mean(values);
      covered += mean.low() <= 5 && 5 <= mean.high() ? 1 : 0;
    }
    assertThat(covered / 400.0).isBetween(0.89, 0.985);
  }

  @Test
  void anIntervalSurroundsItsValueEvenIfResamplesAreBiased() {
    Estimate estimate = Estimate.of(1, new double[] {2, 2.5, 3, 3.5, 4});
    assertThat(estimate.low()).isCloseTo(0.05, within(1e-9));
    assertThat(estimate.high()).isCloseTo(1.95, within(1e-9));
  }

  @Test
  void theSameSeedDrawsTheSameImages() {
    double[] values = {1, 5, 2, 8, 3};
    assertThat(new Bootstrap(50, 1).mean(values))
        .isEqualTo(new Bootstrap(50, 1).mean(values))
        .isNotEqualTo(new Bootstrap(50, 2).mean(values));
  }

  @Test
  void errorsAreSummarisedOverAllPointsOfAllImages() {
    ErrorSummary summary =
        ErrorSummary.of(new double[][] {{1, 3}, {2}, {10}}, new Bootstrap(100, 1));
    assertThat(summary.count()).isEqualTo(4);
    assertThat(summary.mean().value()).isEqualTo(4);
    assertThat(summary.median().value()).isEqualTo(2.5);
    assertThat(summary.percentile95()).isCloseTo(8.95, within(1e-9));
  }
}
