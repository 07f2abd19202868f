package io.refinery.trainer.guard;

import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import java.util.Locale;

/**
 * Figures about refined images, next to their inputs and to real images.
 *
 * @param images number of refined images
 * @param finite whether no pixel is NaN or infinite; if not, the other figures mean nothing
 * @param change mean absolute change of a pixel, in levels of 255
 * @param spreadBefore standard deviation of a pixel across synthetic images, averaged over pixels,
 *     in levels
 * @param spreadAfter the same across refined images
 * @param saturatedBefore share of the pixels of synthetic images that are 0 or 255
 * @param saturatedAfter the same for refined images
 * @param saturatedReal the same for real images
 */
record RefinedFigures(
    int images,
    boolean finite,
    double change,
    double spreadBefore,
    double spreadAfter,
    double saturatedBefore,
    double saturatedAfter,
    double saturatedReal) {

  private static final double LEVELS = 127.5;

  /**
   * @param synthetic at least two images
   * @param refined the same, refined
   * @param real at least one image
   */
  static RefinedFigures of(ImageBatch synthetic, ImageBatch refined, ImageBatch real) {
    return new RefinedFigures(
        refined.count(),
        isFinite(refined),
        LEVELS * change(synthetic, refined),
        LEVELS * spread(synthetic),
        LEVELS * spread(refined),
        saturated(synthetic),
        saturated(refined),
        saturated(real));
  }

  /** Share of the pixels that neither domain explains as black or white, but that are. */
  double newlySaturated() {
    double expected = Math.max(saturatedBefore, saturatedReal);
    return expected < 1 ? (saturatedAfter - expected) / (1 - expected) : 0;
  }

  /** A sentence for the report. */
  String sentence() {
    return String.format(
        Locale.ROOT,
        "On %d held-out images, a pixel changes by %.1f levels of 255 on average and varies by %.1f"
            + " levels across images (%.1f before refinement); %.1f %% of the pixels are black or"
            + " white (%.1f %% before, %.1f %% in real images).",
        images,
        change,
        spreadAfter,
        spreadBefore,
        100 * saturatedAfter,
        100 * saturatedBefore,
        100 * saturatedReal);
  }

  private static boolean isFinite(ImageBatch images) {
    for (float pixel : images.pixels()) {
      if (!Float.isFinite(pixel)) {
        return false;
      }
    }
    return true;
  }

  private static double change(ImageBatch before, ImageBatch after) {
    double sum = 0;
    for (int i = 0; i < before.pixels().length; i++) {
      sum += Math.abs(after.pixels()[i] - before.pixels()[i]);
    }
    return sum / before.pixels().length;
  }

  private static double spread(ImageBatch images) {
    int values = images.shape().values();
    double sum = 0;
    for (int pixel = 0; pixel < values; pixel++) {
      double mean = 0;
      for (int image = 0; image < images.count(); image++) {
        mean += images.pixels()[image * values + pixel];
      }
      mean /= images.count();
      double squares = 0;
      for (int image = 0; image < images.count(); image++) {
        double off = images.pixels()[image * values + pixel] - mean;
        squares += off * off;
      }
      sum += Math.sqrt(squares / images.count());
    }
    return sum / values;
  }

  private static double saturated(ImageBatch images) {
    int saturated = 0;
    for (float pixel : images.pixels()) {
      int level = PixelScale.toByte(pixel) & 0xFF;
      if (level == 0 || level == 255) {
        saturated++;
      }
    }
    return saturated / (double) images.pixels().length;
  }
}
