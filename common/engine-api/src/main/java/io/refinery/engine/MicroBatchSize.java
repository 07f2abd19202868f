package io.refinery.engine;

import io.refinery.image.ImageShape;

/**
 * How many images go through a network together: memory for feature maps grows with them.
 *
 * @param eyes images of 55x35, at least 1; of larger images as many fewer
 */
public record MicroBatchSize(int eyes) {

  private static final int EYE_HEIGHT = 35;
  private static final int EYE_WIDTH = 55;

  public MicroBatchSize {
    if (eyes < 1) {
      throw new IllegalArgumentException("A micro-batch has at least 1 image, not " + eyes);
    }
  }

  /** An image of 55x35. */
  public static ImageShape eye(int channels) {
    return new ImageShape(channels, EYE_HEIGHT, EYE_WIDTH);
  }

  /** Images of {@code shape} at a time, at least 1. */
  public int images(ImageShape shape) {
    long pixels = (long) eyes * EYE_HEIGHT * EYE_WIDTH;
    return (int) Math.max(1, pixels / ((long) shape.height() * shape.width()));
  }

  @Override
  public String toString() {
    return eyes + (eyes == 1 ? " eye at a time" : " eyes at a time");
  }
}
