package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.testkit.engine.GradientPrecision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reads a network's parameters and gradients on the device under test. */
final class OpenParameters {

  /** System property with the device for the engine's contract tests; the CPU by default. */
  private static final String DEVICE = "refinery.torch.test.device";

  private OpenParameters() {}

  static Device device() {
    Device device = Device.parse(System.getProperty(DEVICE, "cpu"));
    TorchRuntime.require(device);
    GpuArithmetic.use(device, TorchOptions.DEFAULTS);
    return device;
  }

  static ScalarType type(GradientPrecision numbers) {
    return numbers == GradientPrecision.DOUBLE ? ScalarType.Double : ScalarType.Float;
  }

  static Map<String, double[]> values(TorchNetworkParameters parameters) {
    Map<String, double[]> values = new LinkedHashMap<>();
    parameters.fixed().forEach((name, tensor) -> values.put(name, Tensors.doubles(tensor)));
    return values;
  }

  static Map<String, double[]> gradient(TorchNetworkParameters parameters) {
    Map<String, double[]> gradient = new LinkedHashMap<>();
    parameters
        .trained()
        .forEach(
            (name, tensor) -> {
              try (Tensor grad = tensor.grad()) {
                gradient.put(name, Tensors.doubles(grad));
              }
            });
    return gradient;
  }
}
