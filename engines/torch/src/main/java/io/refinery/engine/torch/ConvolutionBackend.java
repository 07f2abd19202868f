package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** A library that computes convolutions. Close it after its layers. */
interface ConvolutionBackend extends AutoCloseable {

  /**
   * Creates a layer and lays out its weights for the fastest access. The caller closes it.
   *
   * @param weight maps x channels x filter x filter; the filter size is odd
   * @param bias one value per map
   * @param rectified whether a ReLU follows
   */
  ConvolutionLayer layer(Tensor weight, Tensor bias, boolean rectified);

  @Override
  default void close() {}
}
