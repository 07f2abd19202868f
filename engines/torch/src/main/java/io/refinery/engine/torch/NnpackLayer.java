package io.refinery.engine.torch;

import io.refinery.engine.torch.Nnpack.Algorithm;
import io.refinery.engine.torch.Nnpack.Zeros;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A layer computed by NNPACK on the calling thread. Its filters are transformed once; transforming
 * them for every image, as libtorch does, takes a fifth of the time of a 55x35 eye.
 */
final class NnpackLayer implements ConvolutionLayer {

  private static final long NONE = 0;

  private final Nnpack.Functions nnpack;
  private final NnpackWorkspacePool workspaces;
  private final Algorithm algorithm;
  private final long channels;
  private final long maps;
  private final long filter;
  private final boolean rectified;

  /** Transformed, if the algorithm has a transform. */
  private final Tensor weight;

  private final Tensor bias;

  /** See {@link ConvolutionBackend#layer}. */
  NnpackLayer(
      Nnpack.Functions nnpack,
      NnpackWorkspacePool workspaces,
      Tensor weight,
      Tensor bias,
      boolean rectified) {
    this.nnpack = nnpack;
    this.workspaces = workspaces;
    this.rectified = rectified;
    maps = weight.size(0);
    channels = weight.size(1);
    filter = weight.size(2);
    algorithm = Algorithm.of(filter);
    Tensor rowMajor = weight.contiguous();
    this.bias = TensorScope.retain(new Tensor(bias.contiguous()));
    this.weight = TensorScope.retain(algorithm.transforms() ? transformed(rowMajor) : rowMajor);
  }

  /** Transforms the filters; the result serves images of any size. */
  private Tensor transformed(Tensor rowMajor) {
    Image any = new Image(filter, filter, new Zeros(0, 0, 0, 0), NONE, NONE);
    long weights = address(rowMajor);
    try (NnpackWorkspace workspace = new NnpackWorkspace()) {
      require(convolve(Nnpack.PRECOMPUTE, any, weights, NONE, workspace), any);
      workspace.grow();
      require(
          convolve(Nnpack.PRECOMPUTE, any, weights, address(workspace.memory()), workspace), any);
      return new Tensor(workspace.memory());
    }
  }

  @Override
  public Tensor apply(Tensor images, Halo halo) {
    long radius = filter / 2;
    long height = images.size(2);
    long width = images.size(3);
    Zeros zeros = halo.zeros(radius);
    try (Tensor rowMajor = images.contiguous()) {
      Tensor output =
          torch.empty(
              images.size(0),
              maps,
              height + zeros.top() + zeros.bottom() - 2 * radius,
              width + zeros.left() + zeros.right() - 2 * radius);
      for (long image = 0; image < images.size(0); image++) {
        apply(new Image(height, width, zeros, address(rowMajor, image), address(output, image)));
      }
      if (rectified) {
        // NNPACK's own ReLU turns NaN into 0.
        output.relu_();
      }
      return output;
    }
  }

  /** The arguments for one image; NNPACK takes one at a time. */
  private record Image(long height, long width, Zeros zeros, long input, long output) {}

  private void apply(Image image) {
    int strategy = algorithm.transforms() ? Nnpack.REUSE : Nnpack.COMPUTE;
    NnpackWorkspace workspace = workspaces.take();
    try {
      int status = convolve(strategy, image, workspace);
      if (status == Nnpack.INSUFFICIENT_BUFFER) {
        require(convolve(strategy, image, address(weight), NONE, workspace), image);
        workspace.grow();
        status = convolve(strategy, image, workspace);
      }
      require(status, image);
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  private int convolve(int strategy, Image image, NnpackWorkspace workspace) {
    Tensor memory = workspace.memory();
    workspace.bytes.setValue(memory.nbytes());
    return convolve(strategy, image, address(weight), address(memory), workspace);
  }

  /**
   * @param memory address of the scratch memory, or of the transformed filters' memory; if 0, only
   *     sets the workspace's bytes to the required size
   */
  private int convolve(
      int strategy, Image image, long weights, long memory, NnpackWorkspace workspace) {
    workspace.images.set(image.width(), image.height());
    workspace.padding.set(image.zeros());
    workspace.filters.set(filter, filter);
    return nnpack.convolve(
        algorithm.number(),
        strategy,
        channels,
        maps,
        workspace.images,
        workspace.padding,
        workspace.filters,
        workspace.stride,
        image.input(),
        weights,
        address(bias),
        image.output(),
        memory,
        workspace.bytes,
        Nnpack.IDENTITY,
        NONE,
        NONE,
        NONE);
  }

  private void require(int status, Image image) {
    if (status != 0) {
      throw new IllegalStateException(
          "NNPACK failed with status %d: %s, %d maps, %d channels, filter %d, %s"
              .formatted(status, algorithm, maps, channels, filter, image));
    }
  }

  private static long address(Tensor images, long image) {
    return address(images) + image * images.stride(0) * Float.BYTES;
  }

  private static long address(Tensor tensor) {
    return tensor.data_ptr().address();
  }

  @Override
  public void close() {
    weight.close();
    bias.close();
  }
}
