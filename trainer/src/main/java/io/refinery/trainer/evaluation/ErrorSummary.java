package io.refinery.trainer.evaluation;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * A summary of the errors of many images.
 *
 * @param percentile95 value that 95 % of the errors stay below
 * @param count number of errors
 */
public record ErrorSummary(Estimate mean, Estimate median, double percentile95, int count) {

  /**
   * @param errors any number per image, at least one in total
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
