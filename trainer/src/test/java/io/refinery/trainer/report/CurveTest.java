package io.refinery.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CurveTest {

  @Test
  void keepsEveryValueWhileThereAreFew() {
    Curve curve = line(100);
    assertThat(curve.steps()).hasSize(100).startsWith(0, 1, 2);
    assertThat(curve.values()).isEqualTo(curve.steps());
  }

  @Test
  void aMillionStepsTakeNoMorePointsAndKeepTheirShape() {
    Curve curve = line(1_000_000);
    assertThat(curve.steps()).hasSizeBetween(Curve.POINTS / 2, Curve.POINTS);
    assertThat(curve.values()).isEqualTo(curve.steps()).isSorted();
    assertThat(curve.meanOfLast(0.1)).isCloseTo(950_000, within(1000.0));
  }

  @Test
  void theMeanOfTheLastTenthIgnoresTheRest() {
    assertThat(line(100).meanOfLast(0.1)).isEqualTo(94.5);
    assertThat(line(1).meanOfLast(0.1)).isZero();
  }

  @Test
  void aMovingAverageSmoothsWithoutShifting() {
    Curve curve = new Curve();
    for (int step = 0; step < 1000; step++) {
      curve.add(step, step + (step % 2 == 0 ? 50 : -50));
    }
    double[] smooth = curve.movingAverage(0.05);
    assertThat(smooth).hasSize(1000);
    for (int step = 50; step < 950; step++) {
      assertThat(smooth[step]).isCloseTo(step, within(3.0));
    }
  }

  private static Curve line(int steps) {
    Curve curve = new Curve();
    for (int step = 0; step < steps; step++) {
      curve.add(step, step);
    }
    return curve;
  }
}
