package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.testkit.engine.GradientPrecision;
import io.refinery.testkit.engine.PairGradientContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jGradientTest extends PairGradientContract {

  @Override
  protected OpenPair open(PairSpec spec, GradientPrecision numbers) {
    return new Open(spec, new Dl4jPair(spec, DataType.valueOf(numbers.name())));
  }

  private record Open(PairSpec spec, Dl4jPair tested) implements OpenPair {

    @Override
    public AdversarialPair pair() {
      return tested;
    }

    @Override
    public Map<String, double[]> ofPretraining(ImageBatch synthetic) {
      tested.selfRegularisationGradient(synthetic);
      return byName(tested.selfRegularisationGradient(), spec.refiner().parameters());
    }

    @Override
    public Map<String, double[]> ofRefiner(ImageBatch synthetic) {
      tested.refinerGradient(synthetic);
      return byName(tested.refinerGradient(), spec.refiner().parameters());
    }

    @Override
    public Map<String, double[]> ofDiscriminator(ImageBatch real, ImageBatch refined) {
      tested.discriminatorGradient(real, refined);
      return byName(tested.discriminatorGradient(), spec.discriminator().parameters());
    }

    @Override
    public void close() {
      tested.close();
    }
  }

  /** Deeplearning4j stores a convolution's biases first, then its weights. */
  private static Map<String, double[]> byName(INDArray row, Map<String, List<Integer>> shapes) {
    double[] values = Nd4jArrays.doubles(row);
    Map<String, double[]> gradient = new LinkedHashMap<>();
    int at = 0;
    for (String weight : shapes.keySet()) {
      if (weight.endsWith(".weight")) {
        String bias = weight.replace(".weight", ".bias");
        for (String name : List.of(bias, weight)) {
          int size = shapes.get(name).stream().reduce(1, Math::multiplyExact);
          gradient.put(name, java.util.Arrays.copyOfRange(values, at, at + size));
          at += size;
        }
      }
    }
    assertThat(at).isEqualTo(values.length);
    return gradient;
  }
}
