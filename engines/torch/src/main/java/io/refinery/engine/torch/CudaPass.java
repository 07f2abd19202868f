package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A refiner's weights on a GPU, and its pass forward by cuDNN. Where it is fused, bias, sum and
 * ReLU come with their convolution; otherwise each is an operation of its own, as in PyTorch.
 */
@SuppressWarnings("try") // A scope works by being open.
final class CudaPass implements AutoCloseable {

  private static final long[] ONE = {1, 1};

  private final RefinerNetwork network;
  private final ScalarType type;
  private final boolean fused;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  /**
   * The weights are on their way when it returns, on the current stream.
   *
   * @param format of the feature maps
   * @param fused needs a GPU
   * @throws IllegalArgumentException when {@code weights} are not those of {@code network}
   */
  CudaPass(
      RefinerNetwork network,
      Weights weights,
      Device device,
      Precision precision,
      MemoryFormat format,
      boolean fused) {
    this.network = network;
    this.fused = fused;
    type = Tensors.type(precision);
    weights.requireShapes(network.parameters());
    try (PointerScope scope = new PointerScope()) {
      var place = new org.bytedeco.pytorch.Device(device.toString());
      network
          .parameters()
          .forEach(
              (name, shape) -> {
                Tensor moved = Tensors.of(weights.tensor(name)).to(place, type);
                parameters.put(
                    name, Scoped.kept(shape.size() == 4 ? restrided(moved, format) : moved));
              });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * With the strides of {@code format}, which cuDNN's output takes from its weights. Those of a
   * single channel count as being in any order, so that {@code contiguous} would leave them as they
   * are, and the first layer's maps would be copied for the second one.
   */
  private static Tensor restrided(Tensor filters, MemoryFormat format) {
    boolean beside = false;
    boolean always = false;
    return filters.to(filters.options(), beside, always, new MemoryFormatOptional(format));
  }

  /**
   * R(x) as a tensor of its own: images x channels x height x width in [-1, 1], 32-bit floats as
   * {@code images} are. The caller's scope frees what lies between.
   */
  Tensor refine(Tensor images) {
    Tensor features = convolve("conv_in", images.to(type));
    features.relu_();
    for (int block = 0; block < network.blocks(); block++) {
      String name = "blocks." + block;
      try (Tensor input = features;
          Tensor inner = rectified(name + ".conv1", input, 0, input)) {
        features = rectified(name + ".conv2", inner, 1, input);
      }
    }
    try (Tensor last = features) {
      Tensor refined = convolve("conv_out", last).to(ScalarType.Float);
      refined.tanh_();
      return refined;
    }
  }

  /**
   * ReLU of a convolution plus {@code share} times {@code added}: 0 or 1 times. libtorch's fused
   * operation without a sum would have cuDNN take memory that nobody wrote 0 times, and 0 times NaN
   * is NaN.
   */
  private Tensor rectified(String name, Tensor input, int share, Tensor added) {
    if (fused) {
      Tensor filters = filters(name);
      ScalarOptional factor = new ScalarOptional(new Scalar((double) share));
      return torch.cudnn_convolution_add_relu(
          input, filters, added, factor, bias(name), ONE, pads(filters), ONE, 1);
    }
    Tensor maps = convolve(name, input);
    if (share == 1) {
      maps.add_(added);
    }
    maps.relu_();
    return maps;
  }

  private Tensor convolve(String name, Tensor input) {
    Tensor filters = filters(name);
    return torch.conv2d(input, filters, bias(name), ONE, pads(filters), ONE, 1);
  }

  /** Maps x channels x filter x filter. */
  Tensor filters(String name) {
    return parameters.get(name + ".weight");
  }

  private TensorOptional bias(String name) {
    return new TensorOptional(parameters.get(name + ".bias"));
  }

  private static long[] pads(Tensor filters) {
    long pad = filters.size(2) / 2;
    return new long[] {pad, pad};
  }

  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    parameters.clear();
  }
}
