package io.refinery.engine.torch;

import io.refinery.engine.Optimizer;
import io.refinery.testkit.engine.OptimizerContract;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

class TorchParameterUpdateTest extends OptimizerContract {

  @Override
  protected double[] updated(
      Optimizer optimizer, double gradientClip, double[] start, double[][] gradients) {
    Map<String, List<Integer>> shapes = Map.of("row", List.of(start.length));
    try (TensorFactory tensors = new TensorFactory(OpenParameters.device(), ScalarType.Double);
        TorchNetworkParameters parameters = new TorchNetworkParameters(shapes, tensors);
        TorchParameterUpdate update =
            new TorchParameterUpdate(optimizer, gradientClip, parameters, tensors)) {
      TensorScope.run(() -> parameters.fixed().get("row").copy_(row(start)));
      for (double[] gradient : gradients) {
        // The gradient of a product is the other factor.
        TensorScope.run(
            () -> update.descend(parameters.trained().get("row").mul(row(gradient)).sum()));
      }
      return Tensors.doubles(parameters.fixed().get("row"));
    }
  }

  private static Tensor row(double[] values) {
    return torch.from_blob(
        new DoublePointer(values),
        new long[] {values.length},
        new TensorOptions(ScalarType.Double));
  }
}
