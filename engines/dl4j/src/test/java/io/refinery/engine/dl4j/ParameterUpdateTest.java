package io.refinery.engine.dl4j;

import io.refinery.engine.Optimizer;
import io.refinery.testkit.engine.OptimizerContract;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterUpdateTest extends OptimizerContract {

  @Override
  protected double[] updated(
      Optimizer optimizer, double gradientClip, double[] start, double[][] gradients) {
    try (INDArray parameters = Nd4j.createFromArray(new double[][] {start});
        ParameterUpdate update = new ParameterUpdate(optimizer, gradientClip, parameters)) {
      for (double[] gradient : gradients) {
        try (INDArray row = Nd4j.createFromArray(new double[][] {gradient})) {
          update.apply(row);
        }
      }
      return Arrays.doubles(parameters);
    }
  }
}
