package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;

/** Checks that a writer gets the shape and number of images it was created for. */
final class ImageCounter {

  private final ImageShape shape;
  private final long count;
  private long written;

  ImageCounter(ImageShape shape, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("A bundle must have at least 1 image, not " + count);
    }
    this.shape = shape;
    this.count = count;
  }

  long written() {
    return written;
  }

  void add(ImageShape added, int images) {
    if (!added.equals(shape)) {
      throw new IllegalArgumentException("The bundle takes images of " + shape + ", not " + added);
    }
    if (written + images > count) {
      throw new IllegalArgumentException(
          "The bundle takes " + count + " images, not " + (written + images));
    }
    written += images;
  }

  /** Must be called before images that are not levels are added. */
  void requireNumbers(ImageBatch images) {
    float[] pixels = images.pixels();
    for (int i = 0; i < pixels.length; i++) {
      if (Float.isNaN(pixels[i])) {
        throw new IllegalArgumentException(
            "Image " + (written + i / shape.values()) + " (counted from 0) has a NaN pixel");
      }
    }
  }

  void checkComplete() {
    if (written != count) {
      throw new IllegalStateException(
          "The bundle takes " + count + " images, but " + written + " were written");
    }
  }
}
