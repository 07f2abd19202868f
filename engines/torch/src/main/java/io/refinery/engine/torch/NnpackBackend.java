package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** Convolutions by NNPACK; the layers share a pool of workspaces. */
final class NnpackBackend implements ConvolutionBackend {

  private final Nnpack.Functions nnpack;
  private final NnpackWorkspacePool workspaces = new NnpackWorkspacePool();

  NnpackBackend(Nnpack.Functions nnpack) {
    this.nnpack = nnpack;
  }

  @Override
  public ConvolutionLayer layer(Tensor weight, Tensor bias, boolean rectified) {
    return new NnpackLayer(nnpack, workspaces, weight, bias, rectified);
  }

  @Override
  public void close() {
    workspaces.close();
  }
}
