package io.refinery.trainer.evaluation;

import java.util.Arrays;

/**
 * A figure with its confidence interval.
 *
 * @param low end of its 95 % bootstrap interval over the measured images
 * @param high end of the same interval
 */
public record Estimate(double value, double low, double high) {

  private static final double TAIL = 0.025;

  /**
   * The percentile interval of {@code resampled} around {@code value}. Duplicates in a resample
   * bias some statistics to one side; that shift is subtracted, since only the spread matters.
   */
  static Estimate of(double value, double[] resampled) {
    double[] sorted = resampled.clone();
    Arrays.sort(sorted);
    double push = quantile(sorted, 0.5) - value;
    return new Estimate(value, quantile(sorted, TAIL) - push, quantile(sorted, 1 - TAIL) - push);
  }

  /** Interpolates between neighbours of {@code sorted}, which has at least one value. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
