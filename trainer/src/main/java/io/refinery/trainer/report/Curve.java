package io.refinery.trainer.report;

import java.util.Arrays;

/**
 * A value over the steps of a training, in constant memory: when there are {@link #POINTS} points,
 * each pair of neighbours is replaced by its mean.
 */
public final class Curve {

  static final int POINTS = 4096;

  private final double[] steps = new double[POINTS];
  private final double[] values = new double[POINTS];
  private int size;
  private int valuesPerPoint = 1;
  private int pending;
  private double stepSum;
  private double valueSum;

  void add(double step, double value) {
    stepSum += step;
    valueSum += value;
    pending++;
    if (pending < valuesPerPoint) {
      return;
    }
    steps[size] = stepSum / pending;
    values[size] = valueSum / pending;
    size++;
    stepSum = 0;
    valueSum = 0;
    pending = 0;
    if (size == POINTS) {
      halve();
    }
  }

  private void halve() {
    size /= 2;
    valuesPerPoint *= 2;
    for (int i = 0; i < size; i++) {
      steps[i] = (steps[2 * i] + steps[2 * i + 1]) / 2;
      values[i] = (values[2 * i] + values[2 * i + 1]) / 2;
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  double[] steps() {
    return Arrays.copyOf(steps, size);
  }

  double[] values() {
    return Arrays.copyOf(values, size);
  }

  /** The mean over the last {@code share} of the points, at least one. */
  double meanOfLast(double share) {
    int last = Math.max(1, (int) Math.round(size * share));
    return Arrays.stream(values, size - last, size).average().orElseThrow();
  }

  /** The moving average at every point, over a window of {@code share} of all points. */
  double[] movingAverage(double share) {
    int reach = (int) Math.round(size * share / 2);
    double[] sums = new double[size + 1];
    for (int i = 0; i < size; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    double[] means = new double[size];
    for (int i = 0; i < size; i++) {
      int around = Math.min(reach, Math.min(i, size - 1 - i));
      means[i] = (sums[i + around + 1] - sums[i - around]) / (2 * around + 1);
    }
    return means;
  }
}
