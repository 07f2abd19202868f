package io.refinery.image;

import java.util.Arrays;
import java.util.List;

/**
 * A mini-batch of images: count x channels x height x width values in [-1, 1], row-major (NCHW).
 *
 * <p>The array is shared, not copied: do not write to it after passing the batch on.
 */
public final class ImageBatch {

  private final int count;
  private final ImageShape shape;
  private final float[] pixels;

  /**
   * Wraps an array of values.
   *
   * @param count number of images, 0 or more
   * @param pixels exactly {@code count * shape.values()} values
   */
  public ImageBatch(int count, ImageShape shape, float[] pixels) {
    if (pixels.length != Math.multiplyExact(count, shape.values())) {
      throw new IllegalArgumentException(
          count + " images of " + shape + " do not fit " + pixels.length + " values");
    }
    this.count = count;
    this.shape = shape;
    this.pixels = pixels;
  }

  public int count() {
    return count;
  }

  public ImageShape shape() {
    return shape;
  }

  /** Returns the array itself (NCHW), not a copy. */
  public float[] pixels() {
    return pixels;
  }

  /** Returns a copy of the images from {@code from} (inclusive) to {@code to} (exclusive). */
  public ImageBatch slice(int from, int to) {
    int values = shape.values();
    return new ImageBatch(to - from, shape, Arrays.copyOfRange(pixels, from * values, to * values));
  }

  /** Returns the images of all {@code batches} in order; at least one batch, all of one shape. */
  public static ImageBatch concat(List<ImageBatch> batches) {
    ImageShape shape = batches.get(0).shape;
    int count = batches.stream().mapToInt(ImageBatch::count).sum();
    float[] pixels = new float[Math.multiplyExact(count, shape.values())];
    int at = 0;
    for (ImageBatch batch : batches) {
      if (!batch.shape.equals(shape)) {
        throw new IllegalArgumentException(
            "Images of " + batch.shape + " mixed with images of " + shape);
      }
      System.arraycopy(batch.pixels, 0, pixels, at, batch.pixels.length);
      at += batch.pixels.length;
    }
    return new ImageBatch(count, shape, pixels);
  }

  @Override
  public String toString() {
    return count + " images of " + shape;
  }
}
