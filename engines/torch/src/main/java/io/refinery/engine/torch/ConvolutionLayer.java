package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** A convolution with stride 1 and an optional ReLU, on the CPU. Thread-safe. */
interface ConvolutionLayer extends AutoCloseable {

  /**
   * Returns a new tensor: images x maps x height x width. Height and width are those of {@code
   * images}, minus half a filter on every side with a halo. Image edges are zero-padded.
   *
   * @param images images x channels x height x width
   */
  Tensor apply(Tensor images, Halo halo);

  @Override
  void close();
}
