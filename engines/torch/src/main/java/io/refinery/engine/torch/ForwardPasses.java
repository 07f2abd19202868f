package io.refinery.engine.torch;

import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.Layer;
import io.refinery.network.RefinerNetwork;
import java.util.Iterator;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The forward passes of both networks in training, given their parameters by name. Each layer's
 * input is released as soon as its output exists; libtorch keeps what the backward pass needs. The
 * enclosing {@link TensorScope} frees the result.
 */
final class ForwardPasses {

  private static final long[] UNDILATED = {1, 1};

  private ForwardPasses() {}

  /** Returns R(x). Both images and result are images x channels x height x width in [-1, 1]. */
  static Tensor refine(RefinerNetwork network, Map<String, Tensor> parameters, Tensor images) {
    int pad = network.filterSize() / 2;
    Tensor features =
        TensorScope.tensor(() -> convolve(parameters, "conv_in", images, 1, pad, pad).relu_());
    for (int block = 0; block < network.blocks(); block++) {
      String name = "blocks." + block;
      try (Tensor input = features) {
        features = TensorScope.tensor(() -> block(parameters, name, input, pad));
      }
    }
    try (Tensor last = features) {
      return TensorScope.tensor(() -> convolve(parameters, "conv_out", last, 1, 0, 0).tanh_());
    }
  }

  private static Tensor block(Map<String, Tensor> parameters, String name, Tensor input, int pad) {
    Tensor inner = convolve(parameters, name + ".conv1", input, 1, pad, pad).relu_();
    return convolve(parameters, name + ".conv2", inner, 1, pad, pad).add_(input).relu_();
  }

  /** Returns D's logits: images x 2 x rows x columns; class 0 is real, class 1 is refined. */
  static Tensor discriminate(
      DiscriminatorNetwork network, Map<String, Tensor> parameters, Tensor images) {
    Iterator<Layer> layers = network.layers().iterator();
    Layer first = layers.next();
    Tensor features = TensorScope.tensor(() -> apply(first, parameters, "conv1", images));
    int number = first instanceof Convolution ? 2 : 1;
    while (layers.hasNext()) {
      Layer layer = layers.next();
      String name = "conv" + number;
      try (Tensor input = features) {
        features = TensorScope.tensor(() -> apply(layer, parameters, name, input));
      }
      number += layer instanceof Convolution ? 1 : 0;
    }
    try (Tensor last = features) {
      return TensorScope.tensor(() -> convolve(parameters, "conv_out", last, 1, 0, 0));
    }
  }

  /**
   * SAME padding: by the layer itself if both sides are equal, otherwise by a padding operation
   * before it.
   */
  private static Tensor apply(
      Layer layer, Map<String, Tensor> parameters, String name, Tensor input) {
    long rows = padding(input.size(2), layer);
    long columns = padding(input.size(3), layer);
    boolean symmetric = rows % 2 == 0 && columns % 2 == 0;
    Tensor padded = symmetric ? input : pad(input, layer, rows, columns);
    long rowPad = symmetric ? rows / 2 : 0;
    long columnPad = symmetric ? columns / 2 : 0;
    if (layer instanceof Convolution) {
      return convolve(parameters, name, padded, layer.stride(), rowPad, columnPad).relu_();
    }
    return torch.max_pool2d(
        padded,
        new long[] {layer.size(), layer.size()},
        new long[] {layer.stride(), layer.stride()},
        new long[] {rowPad, columnPad},
        UNDILATED,
        false);
  }

  private static long padding(long length, Layer layer) {
    long windows = (length + layer.stride() - 1) / layer.stride();
    return Math.max(0, (windows - 1) * layer.stride() + layer.size() - length);
  }

  /** Puts an odd row at the bottom and an odd column on the right. */
  private static Tensor pad(Tensor features, Layer layer, long rows, long columns) {
    double value = layer instanceof Convolution ? 0 : Double.NEGATIVE_INFINITY;
    long[] pads = {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2};
    try (Scalar scalar = new Scalar(value)) {
      return torch.constant_pad_nd(features, pads, scalar);
    }
  }

  private static Tensor convolve(
      Map<String, Tensor> parameters,
      String name,
      Tensor input,
      long stride,
      long rowPad,
      long columnPad) {
    try (TensorOptional bias = new TensorOptional(parameters.get(name + ".bias"))) {
      return torch.conv2d(
          input,
          parameters.get(name + ".weight"),
          bias,
          new long[] {stride, stride},
          new long[] {rowPad, columnPad},
          UNDILATED,
          1);
    }
  }
}
