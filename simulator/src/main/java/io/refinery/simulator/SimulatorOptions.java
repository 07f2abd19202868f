package io.refinery.simulator;

import io.refinery.image.ImageShape;

/**
 * What to render.
 *
 * @param count number of images, at least 1
 * @param shape must be gray; the paper's crops are 55 wide and 35 high
 * @param seed determines every eye: image i of a seed does not depend on the count, and shows the
 *     same eye in both looks
 */
public record SimulatorOptions(int count, ImageShape shape, Look look, long seed) {

  /** The crops of Shrivastava et al., arXiv 1612.07828, section 3.1: 55 wide, 35 high, gray. */
  public static final ImageShape EYE_CROP = new ImageShape(1, 35, 55);

  public SimulatorOptions {
    if (count < 1) {
      throw new IllegalArgumentException("At least 1 image must be rendered, not " + count);
    }
    if (shape.channels() != 1) {
      throw new IllegalArgumentException("Eyes can only be rendered in gray, not as " + shape);
    }
  }

  /** Options for images of the default size, {@link #EYE_CROP}. */
  public SimulatorOptions(int count, Look look, long seed) {
    this(count, EYE_CROP, look, seed);
  }
}
