package io.refinery.benchmark;

import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Locale;

/**
 * How far refined images are from what they should be: nobody wants to know how fast nonsense is.
 */
final class Agreement {

  /** More than the 256 that engines give to a GPU at a time, and no multiple of it. */
  static final int IMAGES = 300;

  private static final double LEVEL = 1 / 127.5;

  private Agreement() {}

  /**
   * The largest difference of a pixel to {@code reference}, of [-1, 1]. Images go in as pixels and
   * as levels; from levels, a pixel may be a level further off.
   *
   * @throws IllegalStateException where it is more than {@code precision} explains
   */
  static double largestDifference(Refiner refiner, Refiner reference, Precision precision) {
    double most = most(precision);
    ImageBatch images = EyeModel.images(IMAGES);
    LevelBatch levels = LevelBatch.of(images);
    double ofLevels =
        largestDifference(refiner.refine(levels).toImages(), reference.refine(levels).toImages());
    double ofPixels = largestDifference(refiner.refine(images), reference.refine(images));
    if (!(ofPixels <= most && ofLevels <= most + 1.5 * LEVEL)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "It refines other images than the processor: pixels differ by %.2g, from levels by %.2g",
              ofPixels,
              ofLevels));
    }
    return ofPixels;
  }

  /**
   * Between two libraries on a processor 2e-5 was seen in full precision, and 0.06 with mantissas
   * of 7 bits; a wrong image is off by about 1. Products of TF32 do not pass for full precision.
   */
  private static double most(Precision precision) {
    return switch (precision) {
      case FULL -> 1e-3;
      case TF32, HALF -> 0.1;
      case BFLOAT16 -> 0.3;
    };
  }

  /** NaN where one of them is. */
  private static double largestDifference(ImageBatch one, ImageBatch other) {
    float[] ours = one.pixels();
    float[] theirs = other.pixels();
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs((double) ours[i] - theirs[i]));
    }
    return largest;
  }
}
