package io.refinery.console.bundle;

import io.refinery.image.LevelBatch;
import java.util.Locale;

/** The mean and standard deviation of all levels of a bundle. */
final class Brightness {

  private final long[] histogram = new long[256];

  void add(LevelBatch batch) {
    byte[] levels = batch.levels();
    for (byte level : levels) {
      histogram[level & 0xFF]++;
    }
  }

  /** Returns the mean level, 0 to 255. */
  double mean() {
    double sum = 0;
    double count = 0;
    for (int level = 0; level < histogram.length; level++) {
      sum += (double) level * histogram[level];
      count += histogram[level];
    }
    return sum / count;
  }

  /** Returns the standard deviation of the levels. */
  double deviation() {
    double mean = mean();
    double sum = 0;
    double count = 0;
    for (int level = 0; level < histogram.length; level++) {
      sum += (level - mean) * (level - mean) * histogram[level];
      count += histogram[level];
    }
    return Math.sqrt(sum / count);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "mean brightness %.1f of 255, deviation %.1f", mean(), deviation());
  }
}
