package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** Convolutions by NNPACK, whose layers share the memory that they compute in. */
final class NnpackConvolution implements Convolution {

  private final Nnpack.Functions nnpack;
  private final NnpackBufferPool workspaces = new NnpackBufferPool();

  NnpackConvolution(Nnpack.Functions nnpack) {
    this.nnpack = nnpack;
  }

  @Override
  public Layer layer(Tensor weight, Tensor bias, boolean rectified) {
    return new NnpackLayer(nnpack, workspaces, weight, bias, rectified);
  }

  @Override
  public void close() {
    workspaces.close();
  }
}
