package io.refinery.image;

/**
 * Spreads the levels of each image over the whole range, as in the eyes of MPIIGaze.
 *
 * <p>A level of 0 to 255 becomes {@code 255 (cdf(level) - cdf_min) / (pixels - cdf_min)}, rounded,
 * where cdf counts the pixels up to a level, and cdf_min those of the image's lowest level
 * (Gonzalez and Woods, Digital Image Processing, section 3.3.1; the mapping of OpenCV's {@code
 * equalizeHist}). The lowest level becomes 0, the highest 255; an image of one level is unchanged.
 *
 * <p>For colour images, luma is equalised (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601) and the three
 * channels move with it, as if only Y were changed in YCbCr. Equalising each channel separately
 * would give all three the same histogram, so the image would lose its tint.
 */
public final class HistogramEqualisation {

  private static final int LEVELS = 256;

  private static final float RED = 0.299f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private HistogramEqualisation() {}

  /**
   * Returns the equalised images, in order.
   *
   * @param images values in [-1, 1], rounded to 256 levels; not modified
   * @return gray: values that are levels; colour: values in [-1, 1], clamped
   */
  public static ImageBatch of(ImageBatch images) {
    float[] pixels = images.pixels().clone();
    ImageShape shape = images.shape();
    byte[] luma = new byte[shape.height() * shape.width()];
    for (int image = 0; image < images.count(); image++) {
      equalise(pixels, image * shape.values(), shape.channels() == 3, luma);
    }
    return new ImageBatch(images.count(), shape, pixels);
  }

  /**
   * The equalised images, in order: the levels that {@link #of} has, without going through floats.
   *
   * @param images of one channel; they are not changed
   */
  public static LevelBatch ofGray(LevelBatch images) {
    ImageShape shape = images.shape();
    if (shape.channels() != 1) {
      throw new IllegalArgumentException("Images of " + shape + " are not gray");
    }
    byte[] levels = images.levels().clone();
    for (int from = 0; from < levels.length; from += shape.values()) {
      equalise(levels, from, shape.values());
    }
    return new LevelBatch(images.count(), shape, levels);
  }

  private static void equalise(byte[] levels, int from, int size) {
    int[] counts = new int[LEVELS];
    for (int i = from; i < from + size; i++) {
      counts[levels[i] & 0xFF]++;
    }
    int lowest = counts[lowestLevel(counts)];
    if (lowest == size) {
      return;
    }
    byte[] mapped = mapping(counts, lowest, size);
    for (int i = from; i < from + size; i++) {
      levels[i] = mapped[levels[i] & 0xFF];
    }
  }

  private static void equalise(float[] pixels, int from, boolean colour, byte[] luma) {
    int size = luma.length;
    int[] counts = new int[LEVELS];
    for (int i = 0; i < size; i++) {
      luma[i] = PixelScale.toByte(colour ? luma(pixels, from + i, size) : pixels[from + i]);
      counts[luma[i] & 0xFF]++;
    }
    int lowest = counts[lowestLevel(counts)];
    if (lowest == size) {
      return;
    }
    byte[] mapped = mapping(counts, lowest, size);
    for (int i = 0; i < size; i++) {
      float target = PixelScale.fromByte(mapped[luma[i] & 0xFF]);
      if (colour) {
        shift(pixels, from + i, size, target - PixelScale.fromByte(luma[i]));
      } else {
        pixels[from + i] = target;
      }
    }
  }

  private static float luma(float[] pixels, int red, int size) {
    return RED * pixels[red] + GREEN * pixels[red + size] + BLUE * pixels[red + 2 * size];
  }

  private static int lowestLevel(int[] counts) {
    int level = 0;
    while (counts[level] == 0) {
      level++;
    }
    return level;
  }

  /** Returns the new value of each level. */
  private static byte[] mapping(int[] counts, int lowest, int size) {
    byte[] mapped = new byte[LEVELS];
    int below = -lowest;
    for (int level = 0; level < LEVELS; level++) {
      below += counts[level];
      long rounded = Math.round((LEVELS - 1.0) * Math.max(0, below) / (size - lowest));
      mapped[level] = (byte) rounded;
    }
    return mapped;
  }

  private static void shift(float[] pixels, int red, int size, float by) {
    for (int at = red; at <= red + 2 * size; at += size) {
      pixels[at] = Math.max(-1f, Math.min(1f, pixels[at] + by));
    }
  }
}
