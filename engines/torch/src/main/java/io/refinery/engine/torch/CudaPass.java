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
 * A refiner's weights on a GPU, and its forward pass with cuDNN. If fused, cuDNN computes bias, sum
 * and ReLU in the convolution's kernel; otherwise each is a separate operation, as in PyTorch.
 */
@SuppressWarnings("try") // The scope frees tensors when it closes.
final class CudaPass implements AutoCloseable {

  private static final long[] ONE = {1, 1};

  private final RefinerNetwork network;
  private final ScalarType type;
  private final boolean fused;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  /**
   * Starts to upload the weights on the current stream and does not wait for it.
   *
   * @param format memory format of the feature maps
   * @param fused works only on a GPU
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
      var target = new org.bytedeco.pytorch.Device(device.toString());
      network
          .parameters()
          .forEach(
              (name, shape) -> {
                Tensor moved = Tensors.of(weights.tensor(name)).to(target, type);
                parameters.put(
                    name, TensorScope.retain(shape.size() == 4 ? restrided(moved, format) : moved));
              });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Returns the filters with the strides of {@code format}; cuDNN's output takes its memory format
   * from the weights. Filters of a single channel count as contiguous in any format, so {@code
   * contiguous} would leave them unchanged, and the first layer's maps would be copied for the
   * second layer.
   */
  private static Tensor restrided(Tensor filters, MemoryFormat format) {
    boolean nonBlocking = false;
    boolean copy = false;
    return filters.to(filters.options(), nonBlocking, copy, new MemoryFormatOptional(format));
  }

  /**
   * Returns R(x) in a new tensor: images x channels x height x width in [-1, 1], 32-bit floats like
   * {@code images}. The caller's scope frees the intermediate tensors.
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
   * Returns the ReLU of a convolution plus {@code factor} (0 or 1) times {@code added}. The factor
   * exists because libtorch's fused operation without a sum makes cuDNN multiply uninitialised
   * memory by 0, and 0 times NaN is NaN.
   */
  private Tensor rectified(String name, Tensor input, int factor, Tensor added) {
    if (fused) {
      Tensor filters = filters(name);
      ScalarOptional alpha = new ScalarOptional(new Scalar((double) factor));
      return torch.cudnn_convolution_add_relu(
          input, filters, added, alpha, bias(name), ONE, pads(filters), ONE, 1);
    }
    Tensor maps = convolve(name, input);
    if (factor == 1) {
      maps.add_(added);
    }
    maps.relu_();
    return maps;
  }

  private Tensor convolve(String name, Tensor input) {
    Tensor filters = filters(name);
    return torch.conv2d(input, filters, bias(name), ONE, pads(filters), ONE, 1);
  }

  /** Returns a layer's filters: maps x channels x filter x filter. */
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
