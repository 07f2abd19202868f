package io.refinery.trainer.evaluation;

/**
 * The squared maximum mean discrepancy between two sets of features, unbiased, with the polynomial
 * kernel {@code (x.y / d + 1)^3} (arXiv 1801.01401, section 4): 0 on average if both sets come from
 * one distribution, so it can be negative.
 */
final class KernelDistance {

  private final double[][] kernel;
  private final double[][] otherKernel;
  private final double[][] crossKernel;

  /**
   * @param features of at least two images
   * @param other of at least two images
   */
  KernelDistance(double[][] features, double[][] other) {
    kernel = kernel(features, features);
    otherKernel = kernel(other, other);
    crossKernel = kernel(features, other);
  }

  /**
   * Returns the distance with image i of a set counted {@code counts[i]} times. Pairs of an image
   * with itself are left out however often it was drawn, so that resamples are unbiased too.
   */
  double of(int[] counts, int[] otherCounts) {
    return within(kernel, counts)
        + within(otherKernel, otherCounts)
        - 2 * between(crossKernel, counts, otherCounts);
  }

  private static double within(double[][] kernel, int[] counts) {
    double sum = 0;
    double pairs = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        double row = 0;
        int others = 0;
        for (int j = 0; j < counts.length; j++) {
          row += j == i ? 0 : counts[j] * kernel[i][j];
          others += j == i ? 0 : counts[j];
        }
        sum += counts[i] * row;
        pairs += (double) counts[i] * others;
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  }

  private static double between(double[][] kernel, int[] counts, int[] otherCounts) {
    double sum = 0;
    double pairs = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < otherCounts.length; j++) {
        sum += (double) counts[i] * otherCounts[j] * kernel[i][j];
        pairs += (double) counts[i] * otherCounts[j];
      }
    }
    return sum / pairs;
  }

  private static double[][] kernel(double[][] some, double[][] others) {
    double[][] kernel = new double[some.length][others.length];
    for (int i = 0; i < some.length; i++) {
      for (int j = 0; j < others.length; j++) {
        double product = 0;
        for (int k = 0; k < some[i].length; k++) {
          product += some[i][k] * others[j][k];
        }
        double base = product / some[i].length + 1;
        kernel[i][j] = base * base * base;
      }
    }
    return kernel;
  }
}
