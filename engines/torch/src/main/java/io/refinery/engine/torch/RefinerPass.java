package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.torch.Tile.Margins;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A refiner's weights on one device, and its pass forward. Several threads of the CPU may use it at
 * once. Each layer's input is let go as soon as its output is there, so that memory that lies in
 * the cache is used again.
 */
@SuppressWarnings("try") // A scope works by being open.
final class RefinerPass implements AutoCloseable {

  private final RefinerNetwork network;
  private final Convolution convolution;
  private final ScalarType type;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException when {@code weights} are not those of {@code network}
   */
  RefinerPass(
      RefinerNetwork network,
      Weights weights,
      Convolution convolution,
      Device device,
      Precision precision) {
    this.network = network;
    this.convolution = convolution;
    type = type(precision);
    Map<String, io.refinery.network.Tensor> tensors =
        weights.requireShapes(network.parameters()).tensors();
    try (PointerScope scope = new PointerScope()) {
      var place = new org.bytedeco.pytorch.Device(device.toString());
      tensors.forEach((name, values) -> parameters.put(name, parameter(values, place)));
      // Kept only when all are there.
      parameters.values().forEach(Tensor::retainReference);
    }
  }

  /**
   * @throws EngineException where images of {@code shape} are none that {@code network} refines
   */
  static void requireChannels(RefinerNetwork network, ImageShape shape, Object batch) {
    if (shape.channels() != network.channels()) {
      throw new EngineException(
          "The refiner takes images of " + network.channels() + " channels, not " + batch);
    }
  }

  private static ScalarType type(Precision precision) {
    return switch (precision) {
      case FULL, TF32 -> ScalarType.Float;
      case BFLOAT16 -> ScalarType.BFloat16;
      case HALF -> ScalarType.Half;
    };
  }

  private Tensor parameter(io.refinery.network.Tensor values, org.bytedeco.pytorch.Device place) {
    Tensor moved = Tensors.of(values).to(place, type);
    return moved.dim() == 4 ? convolution.weight(moved) : moved;
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
    int pad = network.filterSize() / 2;
    Tensor features = margins.shed(convolve("conv_in", images.to(type), pad), pad);
    features.relu_();
    for (int block = 0; block < network.blocks(); block++) {
      String name = "blocks." + block;
      Tensor inner = convolve(name + ".conv1", features, pad);
      inner.relu_();
      Tensor sum = convolve(name + ".conv2", inner, pad);
      inner.close();
      sum.add_(features);
      sum.relu_();
      features.close();
      features = margins.shed(sum, 2 * pad);
    }
    Tensor refined = convolve("conv_out", features, 0);
    features.close();
    Tensor floats = refined.to(ScalarType.Float);
    floats.tanh_();
    return floats;
  }

  private Tensor convolve(String name, Tensor input, int pad) {
    return convolution.apply(
        input, parameters.get(name + ".weight"), parameters.get(name + ".bias"), pad);
  }

  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    parameters.clear();
  }
}
