package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;

/**
 * Numbers the chunks of a dataset as the newer chunk indices do: the last dimension fastest, over
 * the dimensions that the dataset may grow to.
 */
final class HdfGrid {

  private final int[] chunk;

  /** By dimension, how much the number of the next chunk is greater. */
  private final long[] steps;

  private HdfGrid(int[] chunk, long[] steps) {
    this.chunk = chunk;
    this.steps = steps;
  }

  /** Numbers the chunks of a dataset with the dimensions {@code max}. */
  static HdfGrid of(long[] max, int[] chunk) {
    return of(max, chunk, 0);
  }

  /** Numbers the chunks of a dataset of which one dimension is unlimited: slowest in that one. */
  static HdfGrid growing(long[] max, int[] chunk) {
    int growing = -1;
    for (int d = 0; d < max.length; d++) {
      if (max[d] == HdfDataspace.UNLIMITED) {
        if (growing >= 0) {
          throw new HdfException("a chunk index grows in two dimensions");
        }
        growing = d;
      }
    }
    if (growing < 0) {
      throw new HdfException("a chunk index that can grow has no dimension to grow in");
    }
    return of(max, chunk, growing);
  }

  private static HdfGrid of(long[] max, int[] chunk, int slowest) {
    long[] steps = new long[chunk.length];
    long step = 1;
    for (int d = chunk.length - 1; d >= 0; d--) {
      if (d != slowest) {
        steps[d] = step;
        step = Math.multiplyExact(step, (max[d] + chunk[d] - 1) / chunk[d]);
      }
    }
    steps[slowest] = step;
    return new HdfGrid(chunk, steps);
  }

  long number(long[] offset) {
    long number = 0;
    for (int d = 0; d < chunk.length; d++) {
      number = Math.addExact(number, Math.multiplyExact(offset[d] / chunk[d], steps[d]));
    }
    return number;
  }
}
