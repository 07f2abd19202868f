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
 * A refiner's weights on the CPU, and its forward pass. Thread-safe. Each layer's input is freed as
 * soon as its output exists, so that the next layer reuses memory that is still in the cache.
 */
@SuppressWarnings("try") // The scope frees tensors when it closes.
final class CpuPass implements AutoCloseable {

  private static final String FIRST = "conv_in";
  private static final String BLOCK = "blocks.";
  private static final String INNER = ".conv1";
  private static final String OUTER = ".conv2";
  private static final String LAST = "conv_out";

  private final RefinerNetwork network;
  private final ScalarType type;
  private final ConvolutionBackend convolution;
  private final Map<String, ConvolutionLayer> layers = new HashMap<>();

  /**
   * @param convolution closed by this pass
   * @throws IllegalArgumentException when {@code weights} are not those of {@code network}
   */
  CpuPass(
      RefinerNetwork network,
      Weights weights,
      ConvolutionBackend convolution,
      Precision precision) {
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

  private ConvolutionLayer layer(String name, Weights weights) {
    // In a block, ReLU follows the sum; the last convolution has none.
    boolean rectified = name.equals(FIRST) || name.endsWith(INNER);
    try (PointerScope scope = new PointerScope()) {
      return convolution.layer(
          Tensors.of(weights.tensor(name + ".weight")).to(type),
          Tensors.of(weights.tensor(name + ".bias")).to(type),
          rectified);
    }
  }

  /**
   * Returns R(x) in a new tensor: images x channels x height x width in [-1, 1], 32-bit floats like
   * {@code images}.
   */
  Tensor refine(Tensor images) {
    return refine(images, Halo.NONE);
  }

  /**
   * Returns R(x) of bands without their halos, which shrink with every layer.
   *
   * @param halo of the bands, as wide as the network's receptive radius
   */
  Tensor refine(Tensor images, Halo halo) {
    int reach = network.filterSize() / 2;
    Tensor features = layers.get(FIRST).apply(images.to(type), halo);
    for (int block = 0; block < network.blocks(); block++) {
      Tensor inner = layers.get(BLOCK + block + INNER).apply(features, halo);
      Tensor sum = layers.get(BLOCK + block + OUTER).apply(inner, halo);
      inner.close();
      sum.add_(halo.crop(features, 2L * reach));
      sum.relu_();
      features.close();
      features = sum;
    }
    Tensor refined = layers.get(LAST).apply(features, Halo.NONE);
    features.close();
    Tensor floats = refined.to(ScalarType.Float);
    floats.tanh_();
    return floats;
  }

  @Override
  public void close() {
    layers.values().forEach(ConvolutionLayer::close);
    layers.clear();
    convolution.close();
  }
}
