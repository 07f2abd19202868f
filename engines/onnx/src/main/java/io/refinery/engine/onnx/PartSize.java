package io.refinery.engine.onnx;

import io.refinery.image.ImageShape;
import java.util.List;

/**
 * How many images go through the network together: memory for feature maps grows with them.
 *
 * @param eyes images of 55x35, at least 1; of larger images as many fewer
 */
record PartSize(int eyes) {

  static final int EYE_HEIGHT = 35;
  static final int EYE_WIDTH = 55;

  /** System property with {@link #eyes}. */
  static final String PROPERTY = "refinery.onnx.part";

  PartSize {
    if (eyes < 1) {
      throw new IllegalArgumentException("A part has at least 1 image, not " + eyes);
    }
  }

  /**
   * What a processor may be fastest with: the property, where it is set.
   *
   * @throws IllegalArgumentException where it has no meaning
   */
  static List<PartSize> candidates() {
    return configured(List.of(new PartSize(4), new PartSize(8)));
  }

  /** The property where it is set, or else {@code unset}. */
  static List<PartSize> configured(List<PartSize> unset) {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return unset;
    }
    try {
      return List.of(new PartSize(Integer.parseInt(text.strip())));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PROPERTY + " is a number of images, not '" + text + "'", e);
    }
  }

  /** Images of {@code shape} at a time, at least 1. */
  int images(ImageShape shape) {
    long pixels = (long) eyes * EYE_HEIGHT * EYE_WIDTH;
    return (int) Math.max(1, pixels / ((long) shape.height() * shape.width()));
  }

  @Override
  public String toString() {
    return eyes + " eyes at a time";
  }
}
