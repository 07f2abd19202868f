package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** Convolutions by whatever libtorch has for the processor: oneDNN on x86-64. */
final class PlainConvolution implements Convolution {

  private static final long[] ONE = {1, 1};

  @Override
  public Layer layer(Tensor weight, Tensor bias, boolean rectified) {
    Tensor ordered = Scoped.kept(weight.contiguous(MemoryFormat.ChannelsLast));
    return new PlainLayer(ordered, Scoped.kept(new Tensor(bias)), weight.size(2) / 2, rectified);
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
        return torch.hasMKLDNN()
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
