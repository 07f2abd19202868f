package io.refinery.engine.torch;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Convolutions by whatever libtorch has on the device: oneDNN on x86-64, cuDNN on a GPU.
 *
 * @param format of the weights, which the images follow
 */
record PlainConvolution(MemoryFormat format) implements Convolution {

  private static final long[] ONE = {1, 1};

  @Override
  public Layer layer(Tensor weight, Tensor bias, boolean rectified) {
    Tensor ordered = Scoped.kept(ordered(weight, format));
    return new PlainLayer(ordered, Scoped.kept(new Tensor(bias)), weight.size(2) / 2, rectified);
  }

  /**
   * cuDNN's output lies as the weights do. Those of a single channel count as being in either
   * order, so that {@code contiguous} would leave their strides as they are, and the first layer's
   * maps would have to be copied for the second one.
   */
  private static Tensor ordered(Tensor weight, MemoryFormat format) {
    return weight.is_cpu() ? weight.contiguous(format) : restrided(weight, format);
  }

  /** With the strides of {@code format}, also where those of another one mean the same. */
  static Tensor restrided(Tensor weight, MemoryFormat format) {
    boolean beside = false;
    boolean always = false;
    return weight.to(weight.options(), beside, always, new MemoryFormatOptional(format));
  }

  private record PlainLayer(Tensor weight, Tensor bias, long pad, boolean rectified)
      implements Layer {

    @Override
    public Tensor apply(Tensor images, Margins margins) {
      Tensor maps = convolve(images);
      if (rectified) {
        maps.relu_();
      }
      if (margins.areNone()) {
        return maps;
      }
      try (maps) {
        return margins.shed(maps, pad);
      }
    }

    private Tensor convolve(Tensor images) {
      long[] pads = {pad, pad};
      try (TensorOptional added = new TensorOptional(bias)) {
        // Left to itself, libtorch gives small images to OpenBLAS, and that threads of its own.
        return torch.hasMKLDNN() && images.is_cpu()
            ? torch.mkldnn_convolution(images, weight, added, pads, ONE, ONE, 1)
            : torch.conv2d(images, weight, added, ONE, pads, ONE, 1);
      }
    }

    @Override
    public void close() {
      weight.close();
      bias.close();
    }
  }
}
