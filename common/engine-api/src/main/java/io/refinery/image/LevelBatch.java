package io.refinery.image;

import java.util.Arrays;
import java.util.List;

/**
 * A mini-batch of 8-bit images: count x channels x height x width unsigned bytes, row-major (NCHW).
 *
 * <p>The array is shared, not copied: do not write to it after passing the batch on.
 */
public final class LevelBatch {

  private final int count;
  private final ImageShape shape;
  private final byte[] levels;

  /**
   * Wraps an array of levels.
   *
   * @param count number of images, 0 or more
   * @param levels exactly {@code count * shape.values()} levels of 0 to 255
   */
  public LevelBatch(int count, ImageShape shape, byte[] levels) {
    if (levels.length != Math.multiplyExact(count, shape.values())) {
      throw new IllegalArgumentException(
          count + " images of " + shape + " do not fit " + levels.length + " levels");
    }
    this.count = count;
    this.shape = shape;
    this.levels = levels;
  }

  /**
   * Rounds images to the nearest levels, as {@link PixelScale#toByte} does.
   *
   * @throws IllegalArgumentException when a pixel is NaN
   */
  public static LevelBatch of(ImageBatch images) {
    float[] pixels = images.pixels();
    byte[] levels = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      if (Float.isNaN(pixels[i])) {
        throw new IllegalArgumentException("A pixel of " + images + " is NaN");
      }
      levels[i] = PixelScale.toByte(pixels[i]);
    }
    return new LevelBatch(images.count(), images.shape(), levels);
  }

  public int count() {
    return count;
  }

  public ImageShape shape() {
    return shape;
  }

  /** Returns the array itself (NCHW), not a copy. */
  public byte[] levels() {
    return levels;
  }

  /** Returns a copy of the images from {@code from} (inclusive) to {@code to} (exclusive). */
  public LevelBatch slice(int from, int to) {
    int values = shape.values();
    return new LevelBatch(to - from, shape, Arrays.copyOfRange(levels, from * values, to * values));
  }

  /** Returns the images of all {@code batches} in order; at least one batch, all of one shape. */
  public static LevelBatch concat(List<LevelBatch> batches) {
    ImageShape shape = batches.get(0).shape;
    int count = batches.stream().mapToInt(LevelBatch::count).sum();
    byte[] levels = new byte[Math.multiplyExact(count, shape.values())];
    int at = 0;
    for (LevelBatch batch : batches) {
      if (!batch.shape.equals(shape)) {
        throw new IllegalArgumentException(
            "Images of " + batch.shape + " mixed with images of " + shape);
      }
      System.arraycopy(batch.levels, 0, levels, at, batch.levels.length);
      at += batch.levels.length;
    }
    return new LevelBatch(count, shape, levels);
  }

  /** Returns the images in [-1, 1], scaled by {@link PixelScale#fromByte}. */
  public ImageBatch toImages() {
    float[] pixels = new float[levels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = PixelScale.fromByte(levels[i]);
    }
    return new ImageBatch(count, shape, pixels);
  }

  @Override
  public String toString() {
    return count + " 8-bit images of " + shape;
  }
}
