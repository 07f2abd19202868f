package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.testkit.engine.GradientPrecision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Looks into a network's parameters, on the device that is to be tested. */
final class OpenParameters {

  /** Names a GPU to run the engine's contracts on; they run on the CPU otherwise. */
  private static final String DEVICE = "refinery.torch.test.device";

  private OpenParameters() {}

  static Device device() {
    Device device = Device.parse(System.getProperty(DEVICE, "cpu"));
    TorchRuntime.require(device);
    GpuArithmetic.use(device);
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
              try (Tensor slopes = tensor.grad()) {
                gradient.put(name, Tensors.doubles(slopes));
              }
            });
    return gradient;
  }
}
