package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Estimator;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every engine's estimator. */
public abstract class EstimatorContract {

  /** An estimator with access to its parameters, named as in {@link NaiveEstimator}. */
  public interface OpenEstimator extends AutoCloseable {

    Estimator estimator();

    Map<String, double[]> parameters();

    /** Adds small noise, because with biases of 0 a ReLU with inputs of 0 is at its kink. */
    void scatter();

    /** Returns the gradient of the last update, which must be gradient descent at rate 1. */
    Map<String, double[]> gradient();

    @Override
    void close();
  }

  private static final int BATCH = 4;
  private static final float[] TARGETS = {0.1f, 0.7f, 0.2f, 1, 0, 0, 0.25f, 0.25f, 0.5f};
  private static final Optimizer ADAM = new Optimizer.Adam(0.01, 0.9, 0.999, 1e-8);

  /** All kinds of layers. */
  protected static final List<Layer> DEEP =
      List.of(
          new Convolution(3, 4, Padding.SAME),
          new MaxPooling(3, 2),
          new Convolution(2, 3, Padding.VALID),
          new Dense(5));

  private static final List<Layer> POOLED =
      List.of(
          new Convolution(3, 4, Padding.VALID),
          new Convolution(2, 3, Padding.SAME),
          new MeanPooling());

  private static final List<Layer> MAPS_LAST = List.of(new Convolution(3, 2, Padding.VALID));

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(9, DEEP, Loss.SQUARED_DISTANCE),
        Arguments.of(9, DEEP, Loss.CROSS_ENTROPY),
        Arguments.of(6, POOLED, Loss.CROSS_ENTROPY),
        Arguments.of(6, MAPS_LAST, Loss.SQUARED_DISTANCE));
  }

  /** Opens a new estimator. */
  protected abstract OpenEstimator open(EstimatorSpec spec, GradientPrecision numbers);

  private Estimator estimator(EstimatorSpec spec) {
    return open(spec, GradientPrecision.FLOAT).estimator();
  }

  /** Returns a spec for colour images 8 pixels wide. */
  protected static EstimatorSpec spec(int height, List<Layer> hidden, Loss loss) {
    return spec(height, hidden, loss, ADAM, 5);
  }

  private static EstimatorSpec spec(
      int height, List<Layer> hidden, Loss loss, Optimizer optimizer, long seed) {
    return new EstimatorSpec(new ImageShape(3, height, 8), hidden, 3, loss, optimizer, BATCH, seed);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientsMatchTheLoss(int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss, new Optimizer.Sgd(1), 5);
    ImageBatch images = Tiny.images(3, spec.shape(), 3);
    for (GradientPrecision numbers : GradientPrecision.values()) {
      try (OpenEstimator open = open(spec, numbers)) {
        open.scatter();
        NaiveEstimator naive = new NaiveEstimator(spec, open.parameters());
        assertThat(open.estimator().update(images, TARGETS))
            .isCloseTo(naive.loss(images, TARGETS), within(1e-5));
        FiniteDifferences.assertClose(
            open.gradient(),
            FiniteDifferences.of(naive.parameters(), () -> naive.loss(images, TARGETS)),
            numbers.tolerance());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void outputsAndFeaturesMatchTheDefinitionForAnyNumberOfImages(
      int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss);
    try (OpenEstimator open = open(spec, GradientPrecision.FLOAT)) {
      NaiveEstimator naive = new NaiveEstimator(spec, open.parameters());
      for (int count : new int[] {2 * BATCH + 1, 1, 0}) {
        ImageBatch images = Tiny.images(count, spec.shape(), count);
        float[] outputs = open.estimator().predict(images);
        float[] features = open.estimator().features(images);
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
  void learnsToTellBrightFromDarkEvenWithASmallerLastMiniBatch(
      int height, List<Layer> hidden, Loss loss) {
    EstimatorSpec spec = spec(height, hidden, loss);
    try (Estimator estimator = estimator(spec)) {
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

  /** Returns noise around 0.5 and -0.5 in turn. */
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
  void sameSeedAndUpdatesGiveTheSameBitsAndAnotherSeedDifferentOnes() {
    EstimatorSpec spec = spec(9, DEEP, Loss.CROSS_ENTROPY);
    float[] trained = trained(spec);
    assertThat(trained(spec)).containsExactly(trained);
    assertThat(trained(spec(9, DEEP, Loss.CROSS_ENTROPY, ADAM, 6))).isNotEqualTo(trained);
  }

  private float[] trained(EstimatorSpec spec) {
    try (Estimator estimator = estimator(spec)) {
      for (int i = 0; i < 5; i++) {
        estimator.update(brightAndDark(spec, 3 + i % 2, i), targets(3 + i % 2));
      }
      return estimator.predict(brightAndDark(spec, 4, 9));
    }
  }

  @Test
  void mismatchesAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> estimator(spec(9, List.of(new Dense(4), new MeanPooling()), Loss.CROSS_ENTROPY)))
        .withMessageContaining("Hidden layer 2")
        .withMessageContaining("4 values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> estimator(spec(9, List.of(new MaxPooling(9, 1)), Loss.CROSS_ENTROPY)))
        .withMessageContaining("larger than the maps before it, 3 of 8x9 pixels");
    try (Estimator estimator = estimator(spec(9, DEEP, Loss.CROSS_ENTROPY))) {
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
