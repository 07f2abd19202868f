package io.refinery.engine.torch;

import io.refinery.engine.torch.Nnpack.Algorithm;
import io.refinery.engine.torch.Nnpack.Zeros;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A layer by NNPACK, on the thread that asks for it. Its filters are transformed once; to transform
 * them for every image, as libtorch does, takes a fifth of the time that an eye of 55x35 takes.
 */
final class NnpackLayer implements Layer {

  private static final long NONE = 0;

  private final Nnpack.Functions nnpack;
  private final NnpackBufferPool workspaces;
  private final Algorithm algorithm;
  private final long channels;
  private final long maps;
  private final long filter;
  private final boolean rectified;

  /** Transformed, where the algorithm has a transform. */
  private final Tensor weight;

  private final Tensor bias;

  /** As {@link Convolution#layer}. */
  NnpackLayer(
      Nnpack.Functions nnpack,
      NnpackBufferPool workspaces,
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
    Tensor rows = weight.contiguous();
    this.bias = Scoped.kept(new Tensor(bias.contiguous()));
    this.weight = Scoped.kept(algorithm.transforms() ? transformed(rows) : rows);
  }

  /** The same for images of any size. */
  private Tensor transformed(Tensor rows) {
    Image any = new Image(filter, filter, new Zeros(0, 0, 0, 0), NONE, NONE);
    long from = address(rows);
    try (NnpackBuffers room = new NnpackBuffers()) {
      require(convolve(Nnpack.PRECOMPUTE, any, from, NONE, room), any);
      room.grow();
      require(convolve(Nnpack.PRECOMPUTE, any, from, address(room.memory()), room), any);
      return new Tensor(room.memory());
    }
  }

  @Override
  public Tensor apply(Tensor images, Margins margins) {
    long reach = filter / 2;
    long height = images.size(2);
    long width = images.size(3);
    Zeros zeros = margins.zeros(reach);
    try (Tensor rows = images.contiguous()) {
      Tensor output =
          torch.empty(
              images.size(0),
              maps,
              height + zeros.top() + zeros.bottom() - 2 * reach,
              width + zeros.left() + zeros.right() - 2 * reach);
      for (long image = 0; image < images.size(0); image++) {
        apply(new Image(height, width, zeros, address(rows, image), address(output, image)));
      }
      if (rectified) {
        // NNPACK's own would make a pixel of NaN look like one of 0.
        output.relu_();
      }
      return output;
    }
  }

  /** NNPACK is for one image at a time. */
  private record Image(long height, long width, Zeros zeros, long input, long output) {}

  private void apply(Image image) {
    int strategy = algorithm.transforms() ? Nnpack.REUSE : Nnpack.COMPUTE;
    NnpackBuffers workspace = workspaces.take();
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

  private int convolve(int strategy, Image image, NnpackBuffers workspace) {
    Tensor memory = workspace.memory();
    workspace.bytes.setValue(memory.nbytes());
    return convolve(strategy, image, address(weight), address(memory), workspace);
  }

  /**
   * @param memory that NNPACK computes or transforms filters in; where it is none, the workspace's
   *     bytes are set to what it takes, and nothing else done
   */
  private int convolve(
      int strategy, Image image, long weights, long memory, NnpackBuffers workspace) {
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
          "NNPACK ends with status %d: %s of %d maps of %d channels, filter %d, %s"
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
