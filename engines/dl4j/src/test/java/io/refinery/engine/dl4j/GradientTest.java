package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients against finite differences of losses computed without the engine. */
class GradientTest {

  private static final double STEP = 1e-6;

  static Stream<Arguments> precisions() {
    return Stream.of(
        Arguments.of(Tiny.GRAY, Tiny.MEANS, DataType.DOUBLE, 1e-6),
        Arguments.of(Tiny.COLOUR, Tiny.SUMS, DataType.DOUBLE, 1e-6),
        Arguments.of(Tiny.GRAY, Tiny.SUMS, DataType.FLOAT, 1e-4),
        Arguments.of(Tiny.COLOUR, Tiny.GLOBAL, DataType.DOUBLE, 1e-6),
        Arguments.of(Tiny.GRAY, Tiny.GLOBAL, DataType.FLOAT, 1e-4),
        Arguments.of(Tiny.GRAY, Tiny.SMOOTHED, DataType.DOUBLE, 1e-6),
        Arguments.of(Tiny.COLOUR, Tiny.SMOOTHED, DataType.FLOAT, 1e-4));
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void refinerGradientIsThatOfTheWholeLoss(
      ImageShape shape, Losses losses, DataType type, double tolerance) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 3);
    try (Dl4jPair pair = Tiny.pair(spec, type)) {
      NaiveNetworks naive = naive(spec, pair);
      pair.refinerGradient(synthetic);
      assertClose(
          byName(pair.refinerGradient(), spec.refiner().parameters()),
          differences(
              naive.refiner(),
              () -> {
                double[] terms = naive.refinerTerms(synthetic);
                return terms[0] + losses.lambda() * terms[1];
              }),
          tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void pretrainingGradientIsThatOfTheSelfRegularisationTimesLambda(
      ImageShape shape, Losses losses, DataType type, double tolerance) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 3);
    try (Dl4jPair pair = Tiny.pair(spec, type)) {
      NaiveNetworks naive = naive(spec, pair);
      pair.selfRegularisationGradient(synthetic);
      assertClose(
          byName(pair.selfRegularisationGradient(), spec.refiner().parameters()),
          differences(naive.refiner(), () -> losses.lambda() * naive.refinerTerms(synthetic)[1]),
          tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void discriminatorGradientIsThatOfItsLoss(
      ImageShape shape, Losses losses, DataType type, double tolerance) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch real = Tiny.images(Tiny.BATCH, shape, 4);
    ImageBatch refined = Tiny.images(Tiny.BATCH, shape, 5);
    try (Dl4jPair pair = Tiny.pair(spec, type)) {
      NaiveNetworks naive = naive(spec, pair);
      pair.discriminatorGradient(real, refined);
      assertClose(
          byName(pair.discriminatorGradient(), spec.discriminator().parameters()),
          differences(naive.discriminator(), () -> naive.discriminatorTerms(real, refined)[0]),
          tolerance);
    }
  }

  private static NaiveNetworks naive(PairSpec spec, Dl4jPair pair) {
    return NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
  }

  private static Map<String, double[]> differences(
      Map<String, double[]> parameters, DoubleSupplier loss) {
    Map<String, double[]> gradient = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> {
          double[] slopes = new double[values.length];
          for (int i = 0; i < values.length; i++) {
            double value = values[i];
            values[i] = value + STEP;
            double above = loss.getAsDouble();
            values[i] = value - STEP;
            double below = loss.getAsDouble();
            values[i] = value;
            slopes[i] = (above - below) / (2 * STEP);
          }
          gradient.put(name, slopes);
        });
    return gradient;
  }

  /** Deeplearning4j's row of a convolution is its biases, then its weights. */
  private static Map<String, double[]> byName(INDArray row, Map<String, List<Integer>> shapes) {
    double[] values = Arrays.doubles(row);
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

  private static void assertClose(
      Map<String, double[]> gradient, Map<String, double[]> differences, double tolerance) {
    double largest =
        differences.values().stream()
            .flatMapToDouble(java.util.Arrays::stream)
            .map(Math::abs)
            .max()
            .orElseThrow();
    assertThat(largest).isGreaterThan(1e-3);
    differences.forEach(
        (name, slopes) ->
            assertThat(gradient.get(name))
                .as(name)
                .usingComparatorWithPrecision(tolerance * largest)
                .containsExactly(slopes));
  }
}
