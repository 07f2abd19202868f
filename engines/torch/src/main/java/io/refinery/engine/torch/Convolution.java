package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** A way to convolve with stride 1. Weights are laid out for it once. */
interface Convolution {

  /** The weights of a convolution, in the order and type that {@link #apply} is fastest with. */
  Tensor weight(Tensor weight);

  /**
   * A new tensor: images x output maps x height x width.
   *
   * @param weight as {@link #weight} gave it
   * @param pad zeros around the images, rows and columns
   */
  Tensor apply(Tensor images, Tensor weight, Tensor bias, long pad);
}
