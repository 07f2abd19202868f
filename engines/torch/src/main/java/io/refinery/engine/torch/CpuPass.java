package io.refinery.engine.torch;

import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A refiner's weights on the processor, and its pass forward. Several threads may use it at once.
 * Each layer's input is let go as soon as its output is there, so that memory that lies in the
 * cache is used again.
 */
@SuppressWarnings("try") // A scope works by being open.
final class CpuPass implements AutoCloseable {

  private static final String FIRST = "conv_in";
  private static final String BLOCK = "blocks.";
  private static final String INNER = ".conv1";
  private static final String OUTER = ".conv2";
  private static final String LAST = "conv_out";

  private final RefinerNetwork network;
  private final ScalarType type;
  private final Convolution convolution;
  private final Map<String, Layer> layers = new HashMap<>();

  /**
   * @param convolution closed with this
   * @throws IllegalArgumentException when {@code weights} are not those of {@code network}
   */
  CpuPass(RefinerNetwork network, Weights weights, Convolution convolution, Precision precision) {
    this.network = network;
    this.convolution = convolution;
    type = Tensors.type(precision);
    weights.requireShapes(network.parameters());
    try {
      for (String name : names(network)) {
        layers.put(name, layer(name, weights));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static List<String> names(RefinerNetwork network) {
    return network.parameters().keySet().stream()
        .map(name -> name.substring(0, name.lastIndexOf('.')))
        .distinct()
        .toList();
  }

  private Layer layer(String name, Weights weights) {
    // A block's sum and the last convolution are not rectified, or not yet.
    boolean rectified = name.equals(FIRST) || name.endsWith(INNER);
    try (PointerScope scope = new PointerScope()) {
      return convolution.layer(
          Tensors.of(weights.tensor(name + ".weight")).to(type),
          Tensors.of(weights.tensor(name + ".bias")).to(type),
          rectified);
    }
  }

  /**
   * R(x) as a tensor of its own: images x channels x height x width in [-1, 1], 32-bit floats as
   * {@code images} are.
   */
  Tensor refine(Tensor images) {
    return refine(images, Margins.NONE);
  }

  /**
   * R(x) of bands without their margins, which get thinner with every layer.
   *
   * @param margins of the bands, each as wide as a refined pixel depends on
   */
  Tensor refine(Tensor images, Margins margins) {
    int reach = network.filterSize() / 2;
    Tensor features = layers.get(FIRST).apply(images.to(type), margins);
    for (int block = 0; block < network.blocks(); block++) {
      Tensor inner = layers.get(BLOCK + block + INNER).apply(features, margins);
      Tensor sum = layers.get(BLOCK + block + OUTER).apply(inner, margins);
      inner.close();
      sum.add_(margins.shed(features, 2L * reach));
      sum.relu_();
      features.close();
      features = sum;
    }
    Tensor refined = layers.get(LAST).apply(features, Margins.NONE);
    features.close();
    Tensor floats = refined.to(ScalarType.Float);
    floats.tanh_();
    return floats;
  }

  @Override
  public void close() {
    layers.values().forEach(Layer::close);
    layers.clear();
    convolution.close();
  }
}
