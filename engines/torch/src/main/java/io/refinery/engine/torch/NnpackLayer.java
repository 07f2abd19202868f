package io.refinery.engine.torch;

import com.sun.jna.ptr.LongByReference;
import io.refinery.engine.torch.Nnpack.Algorithm;
import io.refinery.engine.torch.Nnpack.Padding;
import io.refinery.engine.torch.Nnpack.Size;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A layer by NNPACK, on the thread that asks for it. Its filters are transformed once; to transform
 * them for every image, as libtorch does, takes a fifth of the time that an eye of 55x35 takes.
 */
final class NnpackLayer implements Layer {

  private static final long NONE = 0;

  private final Nnpack.Functions nnpack;
  private final Workspaces workspaces;
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
      Workspaces workspaces,
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
    Image any = new Image(new Size(filter, filter), new Padding(0, 0, 0, 0), NONE, NONE);
    long from = address(rows);
    Tensor room = Workspaces.of(bytes(Nnpack.PRECOMPUTE, any, from));
    require(convolve(Nnpack.PRECOMPUTE, any, from, room), any);
    return room;
  }

  @Override
  public Tensor apply(Tensor images, Margins margins) {
    long pad = filter / 2;
    Size size = new Size(images.size(3), images.size(2));
    Padding padding = margins.padding(pad);
    try (Tensor rows = images.contiguous()) {
      Tensor output =
          torch.empty(
              images.size(0),
              maps,
              size.height + padding.top + padding.bottom - 2 * pad,
              size.width + padding.left + padding.right - 2 * pad);
      for (long image = 0; image < images.size(0); image++) {
        apply(new Image(size, padding, address(rows, image), address(output, image)));
      }
      if (rectified) {
        // NNPACK's own would make a pixel of NaN look like one of 0.
        output.relu_();
      }
      return output;
    }
  }

  /** NNPACK is for one image at a time. */
  private record Image(Size size, Padding padding, long input, long output) {}

  private void apply(Image image) {
    int strategy = algorithm.transforms() ? Nnpack.REUSE : Nnpack.COMPUTE;
    long filters = address(weight);
    Tensor workspace = workspaces.take();
    try {
      int status = convolve(strategy, image, filters, workspace);
      if (status == Nnpack.INSUFFICIENT_BUFFER) {
        workspace = Workspaces.larger(workspace, bytes(strategy, image, filters));
        status = convolve(strategy, image, filters, workspace);
      }
      require(status, image);
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  private int convolve(int strategy, Image image, long filters, Tensor workspace) {
    LongByReference bytes = new LongByReference(workspace.nbytes());
    return convolve(strategy, image, filters, address(workspace), bytes);
  }

  /** What a workspace has to hold. */
  private long bytes(int strategy, Image image, long filters) {
    LongByReference bytes = new LongByReference();
    require(convolve(strategy, image, filters, NONE, bytes), image);
    return bytes.getValue();
  }

  private int convolve(
      int strategy, Image image, long filters, long workspace, LongByReference bytes) {
    return nnpack.convolve(
        algorithm.number(),
        strategy,
        channels,
        maps,
        image.size(),
        image.padding(),
        new Size(filter, filter),
        new Size(1, 1),
        image.input(),
        filters,
        address(bias),
        image.output(),
        workspace,
        bytes,
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
