package io.refinery.trainer.evaluation;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Errors of many images.
 *
 * @param percentile95 what 95 % of them stay below
 * @param count how many there are
 */
public record ErrorSummary(Estimate mean, Estimate median, double percentile95, int count) {

  /**
   * @param errors of every image, one or several, at least one in all
   */
  static ErrorSummary of(double[][] errors, Bootstrap bootstrap) {
    int count = 0;
    for (double[] image : errors) {
      count += image.length;
    }
    return new ErrorSummary(
        bootstrap.of(errors, some -> flat(some).average().orElse(0)),
        bootstrap.of(errors, some -> quantile(some, 0.5)),
        quantile(errors, 0.95),
        count);
  }

  private static DoubleStream flat(double[][] errors) {
    return Arrays.stream(errors).flatMapToDouble(Arrays::stream);
  }

  private static double quantile(double[][] errors, double share) {
    double[] sorted = flat(errors).sorted().toArray();
    return sorted.length == 0 ? 0 : Estimate.quantile(sorted, share);
  }
}
