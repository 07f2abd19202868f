package io.refinery.testkit.engine;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks a pair's gradients against finite differences of losses that are computed without the
 * engine.
 */
public abstract class PairGradientContract {

  /** A pair with access to its gradients, by parameter name. */
  public interface OpenPair extends AutoCloseable {

    AdversarialPair pair();

    Map<String, double[]> ofPretraining(ImageBatch synthetic);

    Map<String, double[]> ofRefiner(ImageBatch synthetic);

    Map<String, double[]> ofDiscriminator(ImageBatch real, ImageBatch refined);

    @Override
    void close();
  }

  /** Opens a new pair. */
  protected abstract OpenPair open(PairSpec spec, GradientPrecision numbers);

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(Tiny.GRAY, Tiny.MEANS, GradientPrecision.DOUBLE),
        Arguments.of(Tiny.COLOUR, Tiny.SUMS, GradientPrecision.DOUBLE),
        Arguments.of(Tiny.GRAY, Tiny.SUMS, GradientPrecision.FLOAT),
        Arguments.of(Tiny.COLOUR, Tiny.GLOBAL, GradientPrecision.DOUBLE),
        Arguments.of(Tiny.GRAY, Tiny.GLOBAL, GradientPrecision.FLOAT),
        Arguments.of(Tiny.GRAY, Tiny.SMOOTHED, GradientPrecision.DOUBLE),
        Arguments.of(Tiny.COLOUR, Tiny.SMOOTHED, GradientPrecision.FLOAT));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void refinerGradientMatchesTheTotalLoss(
      ImageShape shape, Losses losses, GradientPrecision numbers) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 3);
    try (OpenPair open = open(spec, numbers)) {
      NaiveNetworks naive = scattered(spec, open);
      FiniteDifferences.assertClose(
          open.ofRefiner(synthetic),
          FiniteDifferences.of(
              naive.refiner(),
              () -> {
                double[] terms = naive.refinerTerms(synthetic);
                return terms[0] + losses.lambda() * terms[1];
              }),
          numbers.tolerance());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void pretrainingGradientMatchesLambdaTimesTheSelfRegularisation(
      ImageShape shape, Losses losses, GradientPrecision numbers) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 3);
    try (OpenPair open = open(spec, numbers)) {
      NaiveNetworks naive = scattered(spec, open);
      FiniteDifferences.assertClose(
          open.ofPretraining(synthetic),
          FiniteDifferences.of(
              naive.refiner(), () -> losses.lambda() * naive.refinerTerms(synthetic)[1]),
          numbers.tolerance());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void discriminatorGradientMatchesItsLoss(
      ImageShape shape, Losses losses, GradientPrecision numbers) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch real = Tiny.images(Tiny.BATCH, shape, 4);
    ImageBatch refined = Tiny.images(Tiny.BATCH, shape, 5);
    try (OpenPair open = open(spec, numbers)) {
      NaiveNetworks naive = scattered(spec, open);
      FiniteDifferences.assertClose(
          open.ofDiscriminator(real, refined),
          FiniteDifferences.of(
              naive.discriminator(), () -> naive.discriminatorTerms(real, refined)[0]),
          numbers.tolerance());
    }
  }

  private static NaiveNetworks scattered(PairSpec spec, OpenPair open) {
    AdversarialPair pair = Tiny.scattered(open.pair());
    return NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
  }
}
