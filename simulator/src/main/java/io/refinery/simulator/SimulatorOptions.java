package io.refinery.simulator;

import io.refinery.image.ImageShape;

/**
 * What to render.
 *
 * @param count number of images, at least 1
 * @param shape gray; the paper's crops are 55 wide and 35 high
 * @param seed decides every eye: image i of a seed is the same whatever the count, and shows the
 *     same eye in either look
 */
public record SimulatorOptions(int count, ImageShape shape, Look look, long seed) {

  /** The crops of Shrivastava et al., arXiv 1612.07828, section 3.1: 55 wide, 35 high, gray. */
  public static final ImageShape EYE_CROP = new ImageShape(1, 35, 55);

  public SimulatorOptions {
    if (count < 1) {
      throw new IllegalArgumentException("At least 1 image can be rendered, not " + count);
    }
    if (shape.channels() != 1) {
      throw new IllegalArgumentException("Eyes are rendered in gray, not as " + shape);
    }
  }

  /** Images of the usual size. */
  public SimulatorOptions(int count, Look look, long seed) {
    this(count, EYE_CROP, look, seed);
  }
}
