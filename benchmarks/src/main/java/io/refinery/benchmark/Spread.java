package io.refinery.benchmark;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** The median, minimum and maximum of several rounds' figures. */
record Spread(double median, double least, double most) {

  /**
   * Computes the spread.
   *
   * @param values at least one
   */
  static Spread of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3g (%.3g to %.3g)", median, least, most);
  }
}
