package io.refinery.engine.torch;

import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.network.Weights;
import io.refinery.testkit.engine.EstimatorContract;
import io.refinery.testkit.engine.GradientPrecision;
import io.refinery.testkit.engine.Tiny;
import java.util.Map;

class TorchEstimatorTest extends EstimatorContract {

  @Override
  protected OpenEstimator open(EstimatorSpec spec, GradientPrecision numbers) {
    return new Open(
        new TorchEstimator(spec, OpenParameters.device(), OpenParameters.type(numbers)));
  }

  private record Open(TorchEstimator tested) implements OpenEstimator {

    @Override
    public Estimator estimator() {
      return tested;
    }

    @Override
    public Map<String, double[]> parameters() {
      return OpenParameters.values(tested.parameters());
    }

    @Override
    public void scatter() {
      Weights weights = tested.parameters().read();
      tested.parameters().write(Tiny.scattered(weights, 1));
    }

    @Override
    public Map<String, double[]> gradient() {
      return OpenParameters.gradient(tested.parameters());
    }

    @Override
    public void close() {
      tested.close();
    }
  }
}
