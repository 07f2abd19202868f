package io.refinery.bundle.pack;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.resizers.configurations.ScalingMode;

/**
 * A part of an image, scaled to another size. Labels that are points move with the pixels.
 *
 * @param x left edge of the part, in pixels of the image
 * @param y top edge of the part
 * @param width of the part, at least 1
 * @param height of the part, at least 1
 * @param toWidth width of the result
 * @param toHeight height of the result
 */
record Framing(int x, int y, int width, int height, int toWidth, int toHeight) {

  /** Returns the framing that leaves an image of this size as it is. */
  static Framing whole(int width, int height) {
    return new Framing(0, 0, width, height, width, height);
  }

  /**
   * Returns the largest part in the middle of an image that has the proportions of the result, so
   * that nothing is distorted.
   */
  static Framing middle(int width, int height, int toWidth, int toHeight) {
    int partWidth = width;
    int partHeight = Math.max(1, (int) Math.round((double) width * toHeight / toWidth));
    if (partHeight > height) {
      partHeight = height;
      partWidth = Math.max(1, (int) Math.round((double) height * toWidth / toHeight));
    }
    return new Framing(
        (width - partWidth) / 2,
        (height - partHeight) / 2,
        partWidth,
        partHeight,
        toWidth,
        toHeight);
  }

  /** Whether the result is the part as it is. */
  boolean isWhole() {
    return width == toWidth && height == toHeight && x == 0 && y == 0;
  }

  Picture apply(Picture picture) {
    if (isWhole() && picture.width() == width && picture.height() == height) {
      return picture;
    }
    try {
      BufferedImage scaled =
          Thumbnails.of(picture.toImage())
              .sourceRegion(x, y, width, height)
              .forceSize(toWidth, toHeight)
              .scalingMode(ScalingMode.PROGRESSIVE_BILINEAR)
              .imageType(picture.toImage().getType())
              .asBufferedImage();
      return Picture.of(scaled);
    } catch (IOException e) {
      throw new UncheckedIOException("An image in memory cannot be scaled", e);
    }
  }

  /**
   * Returns the x of a point in the result. The middle of a pixel is at half, so pixel 0 reaches
   * from 0 to 1.
   */
  double pointX(double inImage) {
    return (inImage - x) * toWidth / width;
  }

  /** Returns the y of a point in the result. */
  double pointY(double inImage) {
    return (inImage - y) * toHeight / height;
  }
}
