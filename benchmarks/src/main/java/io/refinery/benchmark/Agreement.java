package io.refinery.benchmark;

import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Locale;

/** Checks that refined images are right before they are timed. */
final class Agreement {

  /** More than the 256 images that engines give a GPU at a time, and not a multiple of it. */
  static final int IMAGES = 300;

  private static final double LEVEL = 1 / 127.5;

  private Agreement() {}

  /**
   * Returns the largest difference of a pixel from {@code reference}, in the range [-1, 1]. Images
   * are given as pixels and as levels; from levels, a pixel may differ by one more level.
   *
   * @throws IllegalStateException when the difference is larger than {@code precision} explains
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
              "Its refined images differ from the CPU's: pixels differ by %.2g, from levels by %.2g",
              ofPixels,
              ofLevels));
    }
    return ofPixels;
  }

  /**
   * Two libraries on a CPU differed by 2e-5 in full precision, and by 0.06 with 7-bit mantissas; a
   * wrong image differs by about 1. TF32 does not pass as full precision.
   */
  private static double most(Precision precision) {
    return switch (precision) {
      case FULL -> 1e-3;
      case TF32, HALF -> 0.1;
      case BFLOAT16 -> 0.3;
    };
  }

  /** Returns NaN if any pixel is NaN. */
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
