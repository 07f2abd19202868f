package io.refinery.engine.torch;

import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.Layer;
import io.refinery.network.RefinerNetwork;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The forward passes of both networks on parameters by name. Tensors in between are freed with the
 * caller's {@code PointerScope}.
 */
final class Networks {

  private Networks() {}

  /** R(x): images x channels x height x width in [-1, 1], and so is its output. */
  static Tensor refine(RefinerNetwork network, Map<String, Tensor> parameters, Tensor images) {
    int pad = network.filterSize() / 2;
    Tensor features = convolve(parameters, "conv_in", images, 1, pad).relu_();
    for (int block = 0; block < network.blocks(); block++) {
      String name = "blocks." + block;
      Tensor inner = convolve(parameters, name + ".conv1", features, 1, pad).relu_();
      features = convolve(parameters, name + ".conv2", inner, 1, pad).add_(features).relu_();
    }
    return convolve(parameters, "conv_out", features, 1, 0).tanh();
  }

  /** D's logits: images x 2 x rows x columns; class 0 is real, class 1 is refined. */
  static Tensor judge(DiscriminatorNetwork network, Map<String, Tensor> parameters, Tensor images) {
    Tensor features = images;
    int number = 1;
    for (Layer layer : network.layers()) {
      Tensor padded = padSame(features, layer, layer instanceof Convolution);
      if (layer instanceof Convolution) {
        features = convolve(parameters, "conv" + number++, padded, layer.stride(), 0).relu_();
      } else {
        features =
            torch.max_pool2d(
                padded,
                new long[] {layer.size(), layer.size()},
                new long[] {layer.stride(), layer.stride()},
                new long[] {0, 0},
                new long[] {1, 1},
                false);
      }
    }
    return convolve(parameters, "conv_out", features, 1, 0);
  }

  /** SAME padding, the odd row at the bottom and the odd column on the right. */
  private static Tensor padSame(Tensor features, Layer layer, boolean zeros) {
    long rows = missing(features.size(2), layer);
    long columns = missing(features.size(3), layer);
    if (rows == 0 && columns == 0) {
      return features;
    }
    double value = zeros ? 0 : Double.NEGATIVE_INFINITY;
    long[] pads = {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2};
    try (var scalar = new org.bytedeco.pytorch.Scalar(value)) {
      return torch.constant_pad_nd(features, pads, scalar);
    }
  }

  private static long missing(long length, Layer layer) {
    long windows = (length + layer.stride() - 1) / layer.stride();
    return Math.max(0, (windows - 1) * layer.stride() + layer.size() - length);
  }

  private static Tensor convolve(
      Map<String, Tensor> parameters, String name, Tensor input, long stride, long pad) {
    try (TensorOptional bias = new TensorOptional(parameters.get(name + ".bias"))) {
      return torch.conv2d(
          input,
          parameters.get(name + ".weight"),
          bias,
          new long[] {stride, stride},
          new long[] {pad, pad},
          new long[] {1, 1},
          1);
    }
  }
}
