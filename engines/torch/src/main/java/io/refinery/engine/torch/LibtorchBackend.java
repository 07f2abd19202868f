package io.refinery.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** Convolutions by libtorch's default library for the CPU: oneDNN on x86-64. */
final class LibtorchBackend implements ConvolutionBackend {

  private static final long[] ONE = {1, 1};

  @Override
  public ConvolutionLayer layer(Tensor weight, Tensor bias, boolean rectified) {
    Tensor channelsLast = TensorScope.retain(weight.contiguous(MemoryFormat.ChannelsLast));
    return new LibtorchLayer(
        channelsLast, TensorScope.retain(new Tensor(bias)), weight.size(2) / 2, rectified);
  }

  private record LibtorchLayer(Tensor weight, Tensor bias, long pad, boolean rectified)
      implements ConvolutionLayer {

    @Override
    public Tensor apply(Tensor images, Halo halo) {
      Tensor maps = convolve(images);
      if (rectified) {
        maps.relu_();
      }
      if (halo.isEmpty()) {
        return maps;
      }
      try (maps) {
        return halo.crop(maps, pad);
      }
    }

    private Tensor convolve(Tensor images) {
      long[] pads = {pad, pad};
      try (TensorOptional optionalBias = new TensorOptional(bias)) {
        // By default libtorch sends small images to OpenBLAS, which starts threads of its own.
        return torch.hasMKLDNN()
            ? torch.mkldnn_convolution(images, weight, optionalBias, pads, ONE, ONE, 1)
            : torch.conv2d(images, weight, optionalBias, ONE, pads, ONE, 1);
      }
    }

    @Override
    public void close() {
      weight.close();
      bias.close();
    }
  }
}
