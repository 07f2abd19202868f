package io.refinery.trainer.feed;

import io.refinery.image.ImageShape;
import io.refinery.storage.Sha256;

/**
 * Figures about one image, as training receives it.
 *
 * @param hash equal for images with the same levels, and for no others
 * @param mean of its levels, 0 to 255
 * @param contrast standard deviation of its levels within each channel, 0 to 127.5; 0 for an image
 *     of one plain colour
 */
public record ImageFigures(String hash, double mean, double contrast) {

  static ImageFigures of(byte[] levels, ImageShape shape) {
    int plane = shape.height() * shape.width();
    double total = 0;
    double variance = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      long sum = 0;
      long squares = 0;
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        int level = levels[i] & 0xFF;
        sum += level;
        squares += (long) level * level;
      }
      total += sum;
      // Whole numbers, so that a plain channel gives exactly 0.
      variance += ((double) squares * plane - (double) sum * sum) / plane / plane;
    }
    return new ImageFigures(
        Sha256.of(levels), total / levels.length, Math.sqrt(variance / shape.channels()));
  }
}
