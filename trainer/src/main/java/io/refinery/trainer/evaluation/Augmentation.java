package io.refinery.trainer.evaluation;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Random changes to images, so that a network can learn from few images and does not rely on their
 * tone.
 *
 * @param shift maximum shift along either axis, in pixels; the border is repeated
 * @param mirrors whether images are mirrored left to right at random, one in two
 * @param tones whether contrast, brightness, light gradient, sharpness and noise change too
 */
record Augmentation(int shift, boolean mirrors, boolean tones) {

  private static final double SHARP = 0.6;
  private static final double LEAST_CONTRAST = 0.7;
  private static final double MOST_CONTRAST = 1.2;
  private static final double BRIGHTNESS = 0.25;
  private static final double SLOPE = 0.2;
  private static final double NOISE = 0.08;

  /** Mirrored left to right, then moved by {@code right} and {@code down} pixels. */
  record Shift(boolean mirrored, int right, int down) {

    static final Shift NONE = new Shift(false, 0, 0);

    /** The new x of a point in an image that is {@code width} pixels wide. */
    double x(double x, int width) {
      return (mirrored ? width - 1 - x : x) + right;
    }

    double y(double y) {
      return y + down;
    }

    /** The original x of a point. */
    double originX(double x, int width) {
      return mirrored ? width - 1 - (x - right) : x - right;
    }

    double originY(double y) {
      return y - down;
    }
  }

  Shift[] moves(int count, SplittableRandom random) {
    return Stream.generate(() -> move(random)).limit(count).toArray(Shift[]::new);
  }

  private Shift move(SplittableRandom random) {
    return new Shift(
        random.nextBoolean() && mirrors,
        random.nextInt(-shift, shift + 1),
        random.nextInt(-shift, shift + 1));
  }

  /** Returns image i moved by {@code moves[i]}, in another tone if tones change. */
  ImageBatch apply(ImageBatch images, Shift[] moves, SplittableRandom random) {
    ImageBatch moved = moved(images, moves);
    if (tones) {
      for (int i = 0; i < images.count(); i++) {
        changeTone(moved, i, random);
      }
    }
    return moved;
  }

  static ImageBatch moved(ImageBatch images, Shift[] moves) {
    ImageShape shape = images.shape();
    float[] pixels = new float[images.pixels().length];
    int plane = shape.height() * shape.width();
    for (int map = 0; map < images.count() * shape.channels(); map++) {
      Shift move = moves[map / shape.channels()];
      for (int y = 0; y < shape.height(); y++) {
        int fromY = clamp(y - move.down, shape.height());
        for (int x = 0; x < shape.width(); x++) {
          int fromX = clamp(x - move.right, shape.width());
          fromX = move.mirrored ? shape.width() - 1 - fromX : fromX;
          pixels[map * plane + y * shape.width() + x] =
              images.pixels()[map * plane + fromY * shape.width() + fromX];
        }
      }
    }
    return new ImageBatch(images.count(), shape, pixels);
  }

  private static int clamp(int place, int size) {
    return Math.max(0, Math.min(size - 1, place));
  }

  private static void changeTone(ImageBatch images, int image, SplittableRandom random) {
    ImageShape shape = images.shape();
    if (random.nextDouble() > SHARP) {
      blur(images, image);
    }
    double contrast = random.nextDouble(LEAST_CONTRAST, MOST_CONTRAST);
    double brightness = random.nextDouble(-BRIGHTNESS, BRIGHTNESS);
    double right = random.nextDouble(-SLOPE, SLOPE);
    double down = random.nextDouble(-SLOPE, SLOPE);
    double noise = random.nextDouble(NOISE);
    int start = image * shape.values();
    for (int v = 0; v < shape.values(); v++) {
      double x = (double) (v % shape.width()) / shape.width() - 0.5;
      double y = (double) (v / shape.width() % shape.height()) / shape.height() - 0.5;
      double value =
          images.pixels()[start + v] * contrast
              + brightness
              + right * x
              + down * y
              + noise * random.nextGaussian();
      images.pixels()[start + v] = (float) Math.max(-1, Math.min(1, value));
    }
  }

  /** Blurs with the binomial filter 1 2 1 along both axes; the border is repeated. */
  static void blur(ImageBatch images, int image) {
    ImageShape shape = images.shape();
    int plane = shape.height() * shape.width();
    for (int channel = 0; channel < shape.channels(); channel++) {
      int start = image * shape.values() + channel * plane;
      for (int y = 0; y < shape.height(); y++) {
        smooth(images.pixels(), start + y * shape.width(), 1, shape.width());
      }
      for (int x = 0; x < shape.width(); x++) {
        smooth(images.pixels(), start + x, shape.width(), shape.height());
      }
    }
  }

  private static void smooth(float[] pixels, int start, int stride, int count) {
    float before = pixels[start];
    for (int i = 0; i < count; i++) {
      float here = pixels[start + i * stride];
      float after = pixels[start + Math.min(i + 1, count - 1) * stride];
      pixels[start + i * stride] = (before + 2 * here + after) / 4;
      before = here;
    }
  }

  /** Adds white noise of this standard deviation; 2 is the range from black to white. */
  static void addNoise(ImageBatch images, int image, double deviation, SplittableRandom random) {
    int values = images.shape().values();
    for (int v = image * values; v < (image + 1) * values; v++) {
      double value = images.pixels()[v] + deviation * random.nextGaussian();
      images.pixels()[v] = (float) Math.max(-1, Math.min(1, value));
    }
  }
}
