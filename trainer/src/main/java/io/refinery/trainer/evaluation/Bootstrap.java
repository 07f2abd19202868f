package io.refinery.trainer.evaluation;

import io.refinery.trainer.plan.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Resamples images with replacement to estimate how far chance moves a figure. */
final class Bootstrap {

  private final int resamples;
  private final long seed;

  Bootstrap(int resamples, long seed) {
    this.resamples = resamples;
    this.seed = seed;
  }

  int resamples() {
    return resamples;
  }

  /** Returns a source that gives the same resamples at every call, so that figures are paired. */
  SplittableRandom random() {
    return Seeds.stream(seed, 0);
  }

  /** Draws {@code count} of as many places, with replacement. */
  static int[] draw(SplittableRandom random, int count) {
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = random.nextInt(count);
    }
    return drawn;
  }

  /** Estimates the mean of one value per image; at least one image. */
  Estimate mean(double[] values) {
    double[][] images =
        Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    return of(images, some -> Arrays.stream(some).mapToDouble(v -> v[0]).average().orElseThrow());
  }

  /** Estimates a statistic of at least one image, each with some values. */
  Estimate of(double[][] images, ToDoubleFunction<double[][]> statistic) {
    SplittableRandom random = random();
    double[] again = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      int[] drawn = draw(random, images.length);
      again[r] =
          statistic.applyAsDouble(
              Arrays.stream(drawn).mapToObj(i -> images[i]).toArray(double[][]::new));
    }
    return Estimate.of(statistic.applyAsDouble(images), again);
  }
}
