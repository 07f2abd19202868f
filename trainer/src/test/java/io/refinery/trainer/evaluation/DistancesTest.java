package io.refinery.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.trainer.evaluation.Frechet.Gaussian;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistancesTest {

  private static final double[][] CROSS = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};

  @Test
  void frechetMatchesTheFormulaForGaussiansWithOneAxis() {
    double[][] moved =
        Arrays.stream(CROSS)
            .map(p -> new double[] {3 + 3 * p[0], 4 + 3 * p[1]})
            .toArray(double[][]::new);
    // Covariances 2/3 I and 6 I: 25 + 2 (2/3 + 6 - 2 sqrt(4)).
    assertThat(frechet(CROSS, moved)).isCloseTo(25 + 16 / 3.0, within(1e-9));
    assertThat(frechet(CROSS, CROSS)).isCloseTo(0, within(1e-9));
  }

  @Test
  void frechetMatchesTheFormulaForGaussiansOfDifferentAxes() {
    double[][] wide =
        Arrays.stream(CROSS).map(p -> new double[] {3 * p[0], p[1]}).toArray(double[][]::new);
    double[][] tilted =
        Arrays.stream(wide)
            .map(p -> new double[] {0.6 * p[0] - 0.8 * p[1], 0.8 * p[0] + 0.6 * p[1]})
            .toArray(double[][]::new);
    // C1 = diag(6, 2/3), C2 = Q C1 Q'; of 2x2 the root's trace is sqrt(tr M + 2 sqrt(det M)).
    double c11 = 0.36 * 6 + 0.64 * 2 / 3;
    double c22 = 0.64 * 6 + 0.36 * 2 / 3;
    double trace = 6 * c11 + 2 / 3.0 * c22;
    double expected = 2 * (6 + 2 / 3.0) - 2 * Math.sqrt(trace + 2 * 4);
    assertThat(frechet(wide, tilted)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void frechetToleratesFewerImagesThanFeatures() {
    double[][] few = {{1, 2, 3, 4}, {2, 1, 4, 3}};
    double[][] others = {{1, 2, 3, 5}, {2, 1, 4, 4}};
    assertThat(frechet(few, others)).isCloseTo(1, within(1e-6));
  }

  @Test
  void theKernelDistanceMatchesTheFormula() {
    double[][] some = {{0}, {1}};
    double[][] others = {{2}, {-1}};
    // Kernels of pairs: within 1 and (-2 + 1)^3; between 1, 1, 27 and 0.
    double expected = 1 + -1 - 2 * (1 + 1 + 27 + 0) / 4.0;
    assertThat(new KernelDistance(some, others).of(new int[] {1, 1}, new int[] {1, 1}))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void theKernelDistanceWithinOneDistributionIsZeroOnAverageEvenForResamples() {
    SplittableRandom random = new SplittableRandom(5);
    double plain = 0;
    double resampled = 0;
    double biased = 0;
    int trials = 3000;
    for (int trial = 0; trial < trials; trial++) {
      double[][] some = normal(random, 12, 2, 0);
      double[][] others = normal(random, 12, 2, 0);
      KernelDistance distance = new KernelDistance(some, others);
      int[] once = IntStream.generate(() -> 1).limit(12).toArray();
      plain += distance.of(once, once) / trials;
      resampled += distance.of(drawn(random), drawn(random)) / trials;
      biased +=
          new KernelDistance(twice(some), twice(others)).of(twice(once), twice(once)) / trials;
    }
    assertThat(plain).isCloseTo(0, within(0.1));
    assertThat(resampled).isCloseTo(0, within(0.1));
    assertThat(biased).as("duplicates that count as pairs").isGreaterThan(0.3);
  }

  @Test
  void bothDistancesGrowWithTheGapBetweenDistributions() {
    SplittableRandom random = new SplittableRandom(6);
    double[][] some = normal(random, 200, 3, 0);
    double[][] near = normal(random, 200, 3, 0.5);
    double[][] far = normal(random, 200, 3, 1.5);
    int[] once = IntStream.generate(() -> 1).limit(200).toArray();
    assertThat(frechet(some, near)).isCloseTo(0.75, within(0.3)).isLessThan(frechet(some, far));
    assertThat(new KernelDistance(some, near).of(once, once))
        .isPositive()
        .isLessThan(new KernelDistance(some, far).of(once, once));
  }

  @Test
  void angleErrorsAreInDegrees() {
    assertThat(GazeMeasure.degrees(new double[] {1, 0, 0}, new double[] {0, 5, 0})).isEqualTo(90);
    assertThat(GazeMeasure.degrees(new double[] {1, 0, 0}, new double[] {2, 2, 0}))
        .isCloseTo(45, within(1e-9));
    assertThat(GazeMeasure.degrees(new double[] {0.1, 0.2, -1}, new double[] {0.1, 0.2, -1}))
        .isCloseTo(0, within(1e-5));
    assertThat(GazeMeasure.degrees(new double[3], new double[] {1, 0, 0})).isEqualTo(90);
  }

  private static double frechet(double[][] some, double[][] others) {
    return Frechet.distance(
        Gaussian.of(some, IntStream.range(0, some.length).toArray()),
        Gaussian.of(others, IntStream.range(0, others.length).toArray()));
  }

  private static double[][] normal(SplittableRandom random, int count, int size, double mean) {
    double[][] values = new double[count][size];
    for (double[] row : values) {
      for (int i = 0; i < size; i++) {
        row[i] = mean + random.nextGaussian();
      }
    }
    return values;
  }

  private static int[] drawn(SplittableRandom random) {
    int[] counts = new int[12];
    for (int place : Bootstrap.draw(random, 12)) {
      counts[place]++;
    }
    return counts;
  }

  private static double[][] twice(double[][] values) {
    double[][] twice = Arrays.copyOf(values, 2 * values.length);
    System.arraycopy(values, 0, twice, values.length, values.length);
    return twice;
  }

  private static int[] twice(int[] values) {
    return IntStream.generate(() -> 1).limit(2L * values.length).toArray();
  }
}
