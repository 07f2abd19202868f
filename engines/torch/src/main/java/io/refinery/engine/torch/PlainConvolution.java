package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** Convolutions by whatever libtorch has on the device: oneDNN on x86-64, cuDNN on a GPU. */
final class PlainConvolution implements Convolution {

  private static final long[] ONE = {1, 1};

  private final MemoryFormat format;

  /** Channels last. */
  PlainConvolution() {
    this(MemoryFormat.ChannelsLast);
  }

  /** Images follow the order of the weights. */
  PlainConvolution(MemoryFormat format) {
    this.format = format;
  }

  @Override
  public Tensor weight(Tensor weight) {
    return weight.contiguous(format);
  }

  @Override
  public Tensor apply(Tensor images, Tensor weight, Tensor bias, long pad) {
    long[] pads = {pad, pad};
    try (TensorOptional added = new TensorOptional(bias)) {
      // Left to itself, libtorch gives small images to OpenBLAS, and that threads of its own.
      return torch.hasMKLDNN() && images.is_cpu()
          ? torch.mkldnn_convolution(images, weight, added, pads, ONE, ONE, 1)
          : torch.conv2d(images, weight, added, ONE, pads, ONE, 1);
    }
  }
}
