package io.refinery.engine.torch;

import com.sun.jna.ptr.LongByReference;
import io.refinery.engine.torch.Nnpack.Algorithm;
import io.refinery.engine.torch.Nnpack.Padding;
import io.refinery.engine.torch.Nnpack.Size;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A layer by NNPACK, on the thread that asks for it. Its filters are transformed once; to transform
 * them for every image, as libtorch does, takes a fifth of the time that an eye of 55x35 takes.
 */
final class NnpackLayer implements Layer {

  private static final long NONE = 0;

  private final Nnpack.Functions nnpack;
  private final Algorithm algorithm;
  private final long channels;
  private final long maps;
  private final long filter;
  private final boolean rectified;

  /** Transformed, where the algorithm has a transform. */
  private final Tensor weight;

  private final Tensor bias;

  /** As {@link Convolution#layer}. */
  NnpackLayer(Nnpack.Functions nnpack, Tensor weight, Tensor bias, boolean rectified) {
    this.nnpack = nnpack;
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
    Size any = new Size(filter, filter);
    Padding none = new Padding(0, 0, 0, 0);
    long from = address(rows);
    LongByReference bytes = new LongByReference();
    convolve(Nnpack.PRECOMPUTE, any, none, NONE, from, NONE, NONE, bytes);
    Tensor room = room(bytes);
    convolve(Nnpack.PRECOMPUTE, any, none, NONE, from, NONE, address(room), bytes);
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
      apply(rows, size, padding, output);
      if (rectified) {
        // NNPACK's own would make a pixel of NaN look like one of 0.
        output.relu_();
      }
      return output;
    }
  }

  /** NNPACK is for one image at a time. */
  private void apply(Tensor images, Size size, Padding padding, Tensor output) {
    int strategy = algorithm.transforms() ? Nnpack.REUSE : Nnpack.COMPUTE;
    long count = images.size(0);
    long from = address(images);
    long to = address(output);
    LongByReference bytes = new LongByReference();
    convolve(strategy, size, padding, from, address(weight), to, NONE, bytes);
    try (Tensor workspace = room(bytes)) {
      for (long image = 0; image < count; image++) {
        convolve(
            strategy,
            size,
            padding,
            from + image * images.stride(0) * Float.BYTES,
            address(weight),
            to + image * output.stride(0) * Float.BYTES,
            address(workspace),
            bytes);
      }
    }
  }

  /**
   * @param workspace where it is none, {@code bytes} is set to what it takes, and nothing else done
   */
  private void convolve(
      int strategy,
      Size images,
      Padding padding,
      long input,
      long filters,
      long output,
      long workspace,
      LongByReference bytes) {
    int status =
        nnpack.convolve(
            algorithm.number(),
            strategy,
            channels,
            maps,
            images,
            padding,
            new Size(filter, filter),
            new Size(1, 1),
            input,
            filters,
            address(bias),
            output,
            workspace,
            bytes,
            Nnpack.IDENTITY,
            NONE,
            NONE,
            NONE);
    if (status != 0) {
      throw new IllegalStateException(
          "NNPACK ends with status %d: %s, strategy %d, %d maps of %d channels, filter %d, %s, %s"
              .formatted(status, algorithm, strategy, maps, channels, filter, images, padding));
    }
  }

  /** At least a byte: no address means something else. */
  private static Tensor room(LongByReference bytes) {
    return torch.empty(
        new long[] {Math.max(1, bytes.getValue())},
        new TensorOptions(ScalarType.Byte),
        new MemoryFormatOptional());
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
