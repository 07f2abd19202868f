package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.testkit.engine.EstimatorContract;
import io.refinery.testkit.engine.GradientPrecision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jEstimatorTest extends EstimatorContract {

  @Override
  protected OpenEstimator open(EstimatorSpec spec, GradientPrecision numbers) {
    return new Open(spec, new Dl4jEstimator(spec, DataType.valueOf(numbers.name())));
  }

  private record Open(EstimatorSpec spec, Dl4jEstimator tested) implements OpenEstimator {

    @Override
    public Estimator estimator() {
      return tested;
    }

    @Override
    public Map<String, double[]> parameters() {
      return byName(training()::getParam);
    }

    @Override
    public void scatter() {
      INDArray row = training().params();
      Random random = new Random(1);
      for (long i = 0; i < row.length(); i++) {
        row.putScalar(i, row.getDouble(i) + 0.1 * random.nextGaussian());
      }
    }

    @Override
    public Map<String, double[]> gradient() {
      return byName(training().gradient()::getGradientFor);
    }

    private ComputationGraph training() {
      return tested.graphs().get(0);
    }

    private Map<String, double[]> byName(Function<String, INDArray> inGraph) {
      Map<String, double[]> values = new LinkedHashMap<>();
      for (String name : spec.parameters().keySet()) {
        String own = name.replace(".weight", "_W").replace(".bias", "_b");
        values.put(name, Nd4jArrays.doubles(inGraph.apply(own)));
      }
      return values;
    }

    @Override
    public void close() {
      tested.close();
    }
  }

  @Test
  void everyConvolutionIsNative() {
    try (Dl4jEstimator estimator =
        new Dl4jEstimator(spec(9, DEEP, EstimatorSpec.Loss.CROSS_ENTROPY))) {
      assertThat(estimator.graphs())
          .flatMap(graph -> List.of(graph.getLayers()))
          .filteredOn(ConvolutionLayer.class::isInstance)
          .hasSize(4)
          .allSatisfy(layer -> assertThat(layer.getHelper()).isInstanceOf(MKLDNNConvHelper.class));
    }
  }
}
