package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.EstimatorSpec.Convolution;
import io.refinery.engine.EstimatorSpec.Dense;
import io.refinery.engine.EstimatorSpec.Layer;
import io.refinery.engine.EstimatorSpec.Loss;
import io.refinery.engine.EstimatorSpec.MaxPooling;
import io.refinery.engine.EstimatorSpec.MeanPooling;
import io.refinery.engine.EstimatorSpec.Padding;
import io.refinery.engine.Optimizer;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class Dl4jEstimatorTest {

  private static final int BATCH = 4;
  private static final double STEP = 1e-6;
  private static final float[] TARGETS = {0.1f, 0.7f, 0.2f, 1, 0, 0, 0.25f, 0.25f, 0.5f};

  private static final List<Layer> DEEP =
      List.of(
          new Convolution(3, 4, Padding.SAME),
          new MaxPooling(3, 2),
          new Convolution(2, 3, Padding.VALID),
          new Dense(5));

  private static final List<Layer> POOLED =
      List.of(
          new Convolution(3, 4, Padding.VALID),
          new Convolution(1, 3, Padding.SAME),
          new MeanPooling());

  private static final List<Layer> MAPS_LAST = List.of(new Convolution(3, 2, Padding.VALID));

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(Tiny.GRAY.height() + 3, DEEP, Loss.SQUARED_DISTANCE),
        Arguments.of(Tiny.GRAY.height() + 3, DEEP, Loss.CROSS_ENTROPY),
        Arguments.of(Tiny.GRAY.height(), POOLED, Loss.CROSS_ENTROPY),
        Arguments.of(Tiny.GRAY.height(), MAPS_LAST, Loss.SQUARED_DISTANCE));
  }

  private static EstimatorSpec spec(int height, List<Layer> hidden, Loss loss) {
    return new EstimatorSpec(
        new ImageShape(3, height, 8),
        hidden,
        3,
        loss,
        new Optimizer.Adam(0.01, 0.9, 0.999, 1e-8),
        BATCH,
        5);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientsAreThoseOfTheLoss(int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss);
    ImageBatch images = Tiny.images(3, spec.shape(), 3);
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      double tolerance = type == DataType.FLOAT ? 1e-4 : 1e-6;
      try (Dl4jEstimator estimator = new Dl4jEstimator(spec, type)) {
        scatter(estimator);
        NaiveEstimator naive = naive(spec, estimator);
        assertThat(estimator.gradient(images, TARGETS))
            .isCloseTo(naive.loss(images, TARGETS), within(1e-5));
        naive
            .parameters()
            .forEach(
                (name, values) ->
                    assertThat(gradient(estimator, name))
                        .as(name)
                        .containsExactly(slopes(naive, values, images), within(tolerance)));
      }
    }
  }

  /** Biases of 0 leave a ReLU at its kink wherever all its inputs are 0. */
  private static void scatter(Dl4jEstimator estimator) {
    INDArray row = estimator.graphs().get(0).params();
    Random random = new Random(1);
    for (long i = 0; i < row.length(); i++) {
      row.putScalar(i, row.getDouble(i) + 0.1 * random.nextGaussian());
    }
  }

  private static double[] slopes(NaiveEstimator naive, double[] values, ImageBatch images) {
    double[] slopes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = naive.loss(images, TARGETS);
      values[i] = value - STEP;
      double below = naive.loss(images, TARGETS);
      values[i] = value;
      slopes[i] = (above - below) / (2 * STEP);
    }
    return slopes;
  }

  private static NaiveEstimator naive(EstimatorSpec spec, Dl4jEstimator estimator) {
    Map<String, double[]> parameters = new LinkedHashMap<>();
    for (String name : spec.parameters().keySet()) {
      parameters.put(name, Arrays.doubles(estimator.graphs().get(0).getParam(inGraph(name))));
    }
    return new NaiveEstimator(spec, parameters);
  }

  private static double[] gradient(Dl4jEstimator estimator, String name) {
    return Arrays.doubles(estimator.graphs().get(0).gradient().getGradientFor(inGraph(name)));
  }

  private static String inGraph(String name) {
    return name.replace(".weight", "_W").replace(".bias", "_b");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void outputsAndFeaturesAreThoseOfTheDefinitionForAnyNumberOfImages(
      int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss);
    try (Dl4jEstimator estimator = new Dl4jEstimator(spec)) {
      NaiveEstimator naive = naive(spec, estimator);
      for (int count : new int[] {2 * BATCH + 1, 1, 0}) {
        ImageBatch images = Tiny.images(count, spec.shape(), count);
        float[] outputs = estimator.predict(images);
        float[] features = estimator.features(images);
        assertThat(outputs).hasSize(3 * count);
        for (int i = 0; i < count; i++) {
          double[][][] image = NaiveNetworks.image(images, i);
          assertPart(outputs, i, naive.outputs(image));
          assertPart(features, i, naive.features(image));
          assertThat(features).hasSize(count * naive.features(image).length);
        }
      }
    }
  }

  private static void assertPart(float[] values, int index, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) values[index * expected.length + i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void learnsToTellBrightFromDarkAlsoByASmallerLastMiniBatch(
      int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss);
    try (Dl4jEstimator estimator = new Dl4jEstimator(spec)) {
      double first = estimator.update(brightAndDark(spec, 4, 0), targets(4));
      for (int i = 1; i <= 60; i++) {
        estimator.update(brightAndDark(spec, 4, 2L * i), targets(4));
        estimator.update(brightAndDark(spec, 3, 2L * i + 1), targets(3));
      }
      assertThat(estimator.update(brightAndDark(spec, 4, 1_000), targets(4))).isLessThan(first / 4);
      float[] outputs = estimator.predict(brightAndDark(spec, 2, 1_001));
      assertThat(outputs[0]).isGreaterThan(outputs[1]);
      assertThat(outputs[3]).isLessThan(outputs[4]);
    }
  }

  /** Noise around 0.5 and -0.5 in turn. */
  private static ImageBatch brightAndDark(EstimatorSpec spec, int count, long seed) {
    ImageBatch images = Tiny.images(count, spec.shape(), seed);
    float[] pixels = images.pixels();
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = i / spec.shape().values() % 2 == 0;
      pixels[i] = pixels[i] / 4 + (bright ? 0.5f : -0.5f);
    }
    return images;
  }

  private static float[] targets(int count) {
    float[] targets = new float[3 * count];
    for (int i = 0; i < count; i++) {
      targets[3 * i + i % 2] = 1;
    }
    return targets;
  }

  @Test
  void sameSeedAndUpdatesGiveTheSameBitsAndAnotherSeedOthers() {
    EstimatorSpec spec = spec(9, DEEP, Loss.CROSS_ENTROPY);
    EstimatorSpec other =
        new EstimatorSpec(
            spec.shape(), DEEP, spec.outputs(), spec.loss(), spec.optimizer(), BATCH, 6);
    float[] trained = trained(spec);
    assertThat(trained(spec)).containsExactly(trained);
    assertThat(trained(other)).isNotEqualTo(trained);
  }

  private static float[] trained(EstimatorSpec spec) {
    try (Dl4jEstimator estimator = new Dl4jEstimator(spec)) {
      for (int i = 0; i < 5; i++) {
        estimator.update(brightAndDark(spec, 3 + i % 2, i), targets(3 + i % 2));
      }
      return estimator.predict(brightAndDark(spec, 4, 9));
    }
  }

  @Test
  void everyConvolutionIsNative() {
    try (Dl4jEstimator estimator = new Dl4jEstimator(spec(9, DEEP, Loss.CROSS_ENTROPY))) {
      assertThat(estimator.graphs())
          .flatMap(graph -> List.of(graph.getLayers()))
          .filteredOn(ConvolutionLayer.class::isInstance)
          .hasSize(4)
          .allSatisfy(layer -> assertThat(layer.getHelper()).isInstanceOf(MKLDNNConvHelper.class));
    }
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Dl4jEstimator(
                    spec(9, List.of(new Dense(4), new MeanPooling()), Loss.CROSS_ENTROPY)))
        .withMessageContaining("Hidden layer 2")
        .withMessageContaining("4 values");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Dl4jEstimator(spec(9, List.of(new MaxPooling(9, 1)), Loss.CROSS_ENTROPY)))
        .withMessageContaining("larger than the maps before it, 3 of 8x9 pixels");
    try (Dl4jEstimator estimator = new Dl4jEstimator(spec(9, DEEP, Loss.CROSS_ENTROPY))) {
      ImageShape shape = new ImageShape(3, 9, 8);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> estimator.update(Tiny.images(BATCH + 1, shape, 1), new float[15]))
          .withMessageContaining("1 to 4 images with 3 targets each");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> estimator.update(Tiny.images(1, shape, 1), new float[2]))
          .withMessageContaining("2 targets");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> estimator.predict(Tiny.images(1, Tiny.GRAY, 1)))
          .withMessageContaining("gray");
    }
  }
}
