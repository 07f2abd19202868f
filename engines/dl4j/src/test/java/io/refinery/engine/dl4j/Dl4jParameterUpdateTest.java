package io.refinery.engine.dl4j;

import io.refinery.engine.Optimizer;
import io.refinery.testkit.engine.OptimizerContract;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jParameterUpdateTest extends OptimizerContract {

  @Override
  protected double[] updated(
      Optimizer optimizer, double gradientClip, double[] start, double[][] gradients) {
    try (INDArray parameters = Nd4j.createFromArray(new double[][] {start});
        Dl4jParameterUpdate update = new Dl4jParameterUpdate(optimizer, gradientClip, parameters)) {
      for (double[] gradient : gradients) {
        try (INDArray row = Nd4j.createFromArray(new double[][] {gradient})) {
          update.apply(row);
        }
      }
      return Nd4jArrays.doubles(parameters);
    }
  }
}
