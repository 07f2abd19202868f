package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** A way to convolve. Closed after its layers. */
interface Convolution extends AutoCloseable {

  /**
   * A layer of these weights, laid out as is fastest. The caller closes it.
   *
   * @param weight maps x channels x filter x filter, an odd filter
   * @param bias one for each map
   * @param rectified whether a ReLU follows
   */
  Layer layer(Tensor weight, Tensor bias, boolean rectified);

  @Override
  default void close() {}
}
