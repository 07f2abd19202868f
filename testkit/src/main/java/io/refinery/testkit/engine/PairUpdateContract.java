package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.Weights;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every pair's updates: what they change and by how much, their images and their
 * losses.
 */
public interface PairUpdateContract extends PairMaker {

  @ParameterizedTest
  @MethodSource(Tiny.KINDS)
  default void lossesAreThoseBeforeTheUpdate(ImageShape shape, Losses losses) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 7);
    ImageBatch real = Tiny.images(Tiny.BATCH, shape, 8);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks before =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      RefinerLoss refiner = pair.updateRefiner(synthetic).get();
      DiscriminatorLoss discriminator = PairMaker.updateDiscriminator(pair, real, synthetic);
      NaiveNetworks after =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      double pretraining = pair.pretrainRefiner(synthetic).getAsDouble();

      assertRelative(
          before.refinerTerms(synthetic), refiner.adversarial(), refiner.selfRegularisation());
      assertThat(refiner.lambda()).isEqualTo(losses.lambda());
      assertRelative(
          before.discriminatorTerms(real, synthetic),
          discriminator.total(),
          discriminator.real(),
          discriminator.refined());
      assertRelative(new double[] {after.refinerTerms(synthetic)[1]}, pretraining);
    }
  }

  private static void assertRelative(double[] expected, double... actual) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-5 * expected[i]));
    }
  }

  @ParameterizedTest
  @MethodSource(Tiny.OPTIMIZERS)
  default void refinerStepDoesNotChangeTheDiscriminator(Optimizer optimizer) {
    try (AdversarialPair pair = scattered(optimizer)) {
      PairMaker.updateDiscriminator(pair, Tiny.REAL, Tiny.SYNTHETIC);
      float[] discriminator = Tiny.values(pair.discriminatorWeights());
      float[] refiner = Tiny.values(pair.refinerWeights());

      pair.pretrainRefiner(Tiny.SYNTHETIC);
      float[] pretrained = Tiny.values(pair.refinerWeights());
      pair.updateRefiner(Tiny.SYNTHETIC);

      assertThat(Tiny.values(pair.discriminatorWeights())).containsExactly(discriminator);
      assertThat(pretrained).isNotEqualTo(refiner);
      assertThat(Tiny.values(pair.refinerWeights())).isNotEqualTo(pretrained);
    }
  }

  @ParameterizedTest
  @MethodSource(Tiny.OPTIMIZERS)
  default void discriminatorStepDoesNotChangeTheRefiner(Optimizer optimizer) {
    try (AdversarialPair pair = scattered(optimizer)) {
      pair.updateRefiner(Tiny.SYNTHETIC);
      float[] refiner = Tiny.values(pair.refinerWeights());
      float[] discriminator = Tiny.values(pair.discriminatorWeights());

      PairMaker.updateDiscriminator(pair, Tiny.REAL, Tiny.SYNTHETIC);

      assertThat(Tiny.values(pair.refinerWeights())).containsExactly(refiner);
      assertThat(Tiny.values(pair.discriminatorWeights())).isNotEqualTo(discriminator);
    }
  }

  @Test
  default void refinerStepsMakeRefinedImagesLookRealToAFixedDiscriminator() {
    Losses adversarialAlone = new Losses(Reduction.MEAN, 0, Reduction.MEAN);
    try (AdversarialPair pair = scattered(Tiny.spec(Tiny.GRAY, adversarialAlone, Tiny.SGD))) {
      double first = pair.updateRefiner(Tiny.SYNTHETIC).get().adversarial();
      for (int i = 0; i < 10; i++) {
        pair.updateRefiner(Tiny.SYNTHETIC);
      }
      assertThat(pair.updateRefiner(Tiny.SYNTHETIC).get().adversarial()).isLessThan(first);
    }
  }

  @Test
  default void discriminatorStepsLearnToTellRealFromRefined() {
    try (AdversarialPair pair = scattered(Tiny.ADAM)) {
      for (int i = 0; i < 50; i++) {
        PairMaker.updateDiscriminator(pair, Tiny.REAL, Tiny.SYNTHETIC);
      }
      assertThat(mean(pair.discriminate(Tiny.SYNTHETIC)))
          .isGreaterThan(mean(pair.discriminate(Tiny.REAL)));
    }
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Test
  default void theDiscriminatorSeesRememberedImagesAfterRefinedOnesWhichThenReplaceThem() {
    ImageBatch old = Tiny.images(2, Tiny.GRAY, 21);
    int[] places = {2, 0};
    try (AdversarialPair one = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.SGD)) {
      one.memory().write(old, places);
      ImageBatch synthetic = Tiny.SYNTHETIC.slice(0, 1);
      ImageBatch refined = one.refine(synthetic);
      var loss = one.updateDiscriminator(Tiny.REAL, synthetic, new int[] {0}, new int[] {0});

      ImageBatch seen = ImageBatch.concat(List.of(refined, old.slice(1, 2)));
      assertThat(loss.get()).isEqualTo(PairMaker.updateDiscriminator(other, Tiny.REAL, seen));
      assertThat(Tiny.values(one.discriminatorWeights()))
          .containsExactly(Tiny.values(other.discriminatorWeights()));
      assertThat(one.memory().read(places).pixels())
          .containsExactly(ImageBatch.concat(List.of(old.slice(0, 1), refined)).pixels());
    }
  }

  @Test
  default void lossesCanBeReadAfterLaterUpdates() {
    try (AdversarialPair one = scattered(Tiny.ADAM);
        AdversarialPair other = scattered(Tiny.ADAM)) {
      Supplier<RefinerLoss> refiner = one.updateRefiner(Tiny.SYNTHETIC);
      Supplier<DiscriminatorLoss> discriminator =
          one.updateDiscriminator(Tiny.REAL, Tiny.SYNTHETIC, new int[0], new int[0]);
      one.updateRefiner(Tiny.SYNTHETIC);

      assertThat(refiner.get()).isEqualTo(other.updateRefiner(Tiny.SYNTHETIC).get());
      assertThat(discriminator.get())
          .isEqualTo(
              other.updateDiscriminator(Tiny.REAL, Tiny.SYNTHETIC, new int[0], new int[0]).get());
    }
  }

  @Test
  default void aMiniBatchCanHaveAnOddSize() {
    PairSpec spec = Tiny.spec(Tiny.GRAY, 3, Tiny.MEANS, Tiny.SGD, 0);
    ImageBatch synthetic = Tiny.images(3, Tiny.GRAY, 4);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks naive =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      double[] expected = naive.discriminatorTerms(Tiny.images(3, Tiny.GRAY, 5), synthetic);
      DiscriminatorLoss loss =
          PairMaker.updateDiscriminator(pair, Tiny.images(3, Tiny.GRAY, 5), synthetic);
      assertRelative(expected, loss.total(), loss.real(), loss.refined());
    }
  }

  @Test
  default void aMiniBatchOfAnotherSizeOrShapeIsRefused() {
    try (AdversarialPair pair = scattered(Tiny.SGD)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pair.updateRefiner(Tiny.images(Tiny.BATCH + 1, Tiny.GRAY, 1)))
          .withMessageContaining("2 images of 7x6 gray, not 3");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pair.discriminate(Tiny.images(1, Tiny.COLOUR, 1)))
          .withMessageContaining("colour");
    }
  }

  @Test
  default void aNetworksGradientIsScaledDownToTheClipAndASmallerOneIsUnchanged() {
    double refiner = refinerMoved(0, 1);
    double discriminator = discriminatorMoved(0, 1);
    double clip = Math.min(refiner, discriminator) / 3;
    assertThat(refinerMoved(clip, 1)).isCloseTo(clip, within(1e-5 * clip));
    assertThat(discriminatorMoved(clip, 1)).isCloseTo(clip, within(1e-5 * clip));
    assertThat(refinerMoved(2 * refiner, 1)).isEqualTo(refiner);
  }

  @Test
  default void bothLearningRatesAreScaledFromTheNextUpdateOn() {
    double refiner = refinerMoved(0, 1);
    double discriminator = discriminatorMoved(0, 1);
    assertThat(refinerMoved(0, 0.25)).isCloseTo(refiner / 4, within(1e-4 * refiner));
    assertThat(discriminatorMoved(0, 0.25))
        .isCloseTo(discriminator / 4, within(1e-4 * discriminator));
  }

  private double refinerMoved(double clip, double rateFactor) {
    return moved(
        clip,
        rateFactor,
        AdversarialPair::refinerWeights,
        pair -> pair.updateRefiner(Tiny.SYNTHETIC));
  }

  private double discriminatorMoved(double clip, double rateFactor) {
    return moved(
        clip,
        rateFactor,
        AdversarialPair::discriminatorWeights,
        pair -> PairMaker.updateDiscriminator(pair, Tiny.REAL, Tiny.SYNTHETIC));
  }

  /** Returns the L2 norm of a network's change by one update of gradient descent at rate 1. */
  private double moved(
      double clip,
      double rateFactor,
      Function<AdversarialPair, Weights> network,
      Consumer<AdversarialPair> update) {
    PairSpec spec = Tiny.spec(Tiny.GRAY, Tiny.BATCH, Tiny.SUMS, new Optimizer.Sgd(1), clip);
    try (AdversarialPair pair = scattered(spec)) {
      pair.scaleLearningRates(rateFactor);
      float[] before = Tiny.values(network.apply(pair));
      update.accept(pair);
      float[] after = Tiny.values(network.apply(pair));
      double squares = 0;
      for (int i = 0; i < before.length; i++) {
        squares += Math.pow(after[i] - before[i], 2);
      }
      return Math.sqrt(squares);
    }
  }
}
