package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * A convolution with stride 1, and the ReLU that may follow. Several threads of the CPU may use it
 * at once.
 */
interface Layer extends AutoCloseable {

  /**
   * A new tensor, images x maps x height x width, as large as {@code images} but for what their
   * margins shed: half a filter. Beyond the edges of an image are zeros.
   *
   * @param images images x channels x height x width
   */
  Tensor apply(Tensor images, Margins margins);

  @Override
  void close();
}
