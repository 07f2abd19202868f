package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine's pair promises. */
public abstract class AdversarialPairContract {

  private static final ImageBatch SYNTHETIC = Tiny.images(Tiny.BATCH, Tiny.GRAY, 1);
  private static final ImageBatch REAL = Tiny.images(Tiny.BATCH, Tiny.GRAY, 2);

  static List<Optimizer> optimizers() {
    return List.of(Tiny.SGD, Tiny.MOMENTUM, Tiny.ADAM);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(Tiny.GRAY, Tiny.COLOUR)
        .flatMap(
            shape ->
                Stream.of(Tiny.MEANS, Tiny.SUMS, Tiny.GLOBAL, Tiny.SMOOTHED)
                    .map(losses -> Arguments.of(shape, losses)));
  }

  /** A fresh pair of the engine. */
  protected abstract AdversarialPair pair(PairSpec spec);

  private AdversarialPair scattered(PairSpec spec) {
    return Tiny.scattered(pair(spec));
  }

  private AdversarialPair scattered(Optimizer optimizer) {
    return scattered(Tiny.spec(Tiny.GRAY, Tiny.MEANS, optimizer));
  }

  /** One update of D on exactly these images: all of the refined ones are recalled. */
  private static DiscriminatorLoss updateDiscriminator(
      AdversarialPair pair, ImageBatch real, ImageBatch refined) {
    int[] places = IntStream.range(0, refined.count()).toArray();
    pair.memory().write(refined, places);
    return pair.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]).get();
  }

  @Test
  void eyesHaveThePapersNetworks() {
    PairSpec spec =
        new PairSpec(
            RefinerNetwork.eyes(),
            DiscriminatorNetwork.eyes(),
            new ImageShape(1, 35, 55),
            2,
            0,
            Tiny.MEANS,
            Tiny.SGD,
            Tiny.SGD,
            0,
            1);
    try (AdversarialPair pair = pair(spec)) {
      assertThat(pair.refinerWeights().count()).isEqualTo(296_129);
      assertThat(pair.discriminatorWeights().count()).isEqualTo(75_906);
      assertThat(pair.discriminate(Tiny.images(1, spec.shape(), 1))).hasSize(9 * 14);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void outputsAreThoseOfTheNetworksDefinition(ImageShape shape, Losses losses) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch images = Tiny.images(2 * Tiny.BATCH + 1, shape, 6);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks naive =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      float[] refined = pair.refine(images).pixels();
      float[] probabilities = pair.discriminate(images);
      int values = shape.values();
      int patches = probabilities.length / images.count();
      for (int i = 0; i < images.count(); i++) {
        double[][][] image = NaiveNetworks.image(images, i);
        assertClose(slice(probabilities, i, patches), naive.discriminate(image));
        assertClose(slice(refined, i, values), NaiveNetworks.flat(naive.refine(image)));
      }
    }
  }

  private static float[] slice(float[] values, int index, int length) {
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  private static void assertClose(float[] values, double[] expected) {
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void lossesAreThoseBeforeTheUpdate(ImageShape shape, Losses losses) {
    PairSpec spec = Tiny.spec(shape, losses, Tiny.SGD);
    ImageBatch synthetic = Tiny.images(Tiny.BATCH, shape, 7);
    ImageBatch real = Tiny.images(Tiny.BATCH, shape, 8);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks before =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      RefinerLoss refiner = pair.updateRefiner(synthetic).get();
      DiscriminatorLoss discriminator = updateDiscriminator(pair, real, synthetic);
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
  @MethodSource("optimizers")
  void discriminatorDoesNotMoveInARefinerStep(Optimizer optimizer) {
    try (AdversarialPair pair = scattered(optimizer)) {
      updateDiscriminator(pair, REAL, SYNTHETIC);
      float[] discriminator = Tiny.values(pair.discriminatorWeights());
      float[] refiner = Tiny.values(pair.refinerWeights());

      pair.pretrainRefiner(SYNTHETIC);
      float[] pretrained = Tiny.values(pair.refinerWeights());
      pair.updateRefiner(SYNTHETIC);

      assertThat(Tiny.values(pair.discriminatorWeights())).containsExactly(discriminator);
      assertThat(pretrained).isNotEqualTo(refiner);
      assertThat(Tiny.values(pair.refinerWeights())).isNotEqualTo(pretrained);
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void refinerDoesNotMoveInADiscriminatorStep(Optimizer optimizer) {
    try (AdversarialPair pair = scattered(optimizer)) {
      pair.updateRefiner(SYNTHETIC);
      float[] refiner = Tiny.values(pair.refinerWeights());
      float[] discriminator = Tiny.values(pair.discriminatorWeights());

      updateDiscriminator(pair, REAL, SYNTHETIC);

      assertThat(Tiny.values(pair.refinerWeights())).containsExactly(refiner);
      assertThat(Tiny.values(pair.discriminatorWeights())).isNotEqualTo(discriminator);
    }
  }

  @Test
  void refinerStepsMakeTheRefinedLookRealToAFixedDiscriminator() {
    Losses adversarialAlone = new Losses(Reduction.MEAN, 0, Reduction.MEAN);
    try (AdversarialPair pair = scattered(Tiny.spec(Tiny.GRAY, adversarialAlone, Tiny.SGD))) {
      double first = pair.updateRefiner(SYNTHETIC).get().adversarial();
      for (int i = 0; i < 10; i++) {
        pair.updateRefiner(SYNTHETIC);
      }
      assertThat(pair.updateRefiner(SYNTHETIC).get().adversarial()).isLessThan(first);
    }
  }

  @Test
  void discriminatorStepsTellRealFromRefined() {
    try (AdversarialPair pair = scattered(Tiny.ADAM)) {
      for (int i = 0; i < 50; i++) {
        updateDiscriminator(pair, REAL, SYNTHETIC);
      }
      assertThat(mean(pair.discriminate(SYNTHETIC))).isGreaterThan(mean(pair.discriminate(REAL)));
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
  void aFreshRefinersBlocksPassTheirInputOn() {
    try (AdversarialPair pair = pair(Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD))) {
      assertThat(pair.refinerWeights().tensor("blocks.1.conv2.weight").values()).containsOnly(0f);
      assertThat(pair.refinerWeights().tensor("blocks.1.conv1.weight").values()).doesNotContain(0f);
      assertThat(pair.discriminatorWeights().tensor("conv2.weight").values()).doesNotContain(0f);
      assertThat(pair.discriminatorWeights().tensor("conv2.bias").values()).containsOnly(0f);
    }
  }

  @Test
  void sameSeedGivesSameWeightsAndAnotherSeedOthers() {
    PairSpec spec = Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD);
    PairSpec other =
        new PairSpec(
            spec.refiner(),
            spec.discriminator(),
            spec.shape(),
            spec.batch(),
            spec.memory(),
            spec.losses(),
            spec.refinerOptimizer(),
            spec.discriminatorOptimizer(),
            spec.gradientClip(),
            spec.seed() + 1);
    try (AdversarialPair one = pair(spec);
        AdversarialPair two = pair(spec);
        AdversarialPair three = pair(other)) {
      assertThat(Tiny.values(two.refinerWeights()))
          .containsExactly(Tiny.values(one.refinerWeights()));
      assertThat(Tiny.values(two.discriminatorWeights()))
          .containsExactly(Tiny.values(one.discriminatorWeights()));
      assertThat(Tiny.values(three.refinerWeights()))
          .isNotEqualTo(Tiny.values(one.refinerWeights()));
    }
  }

  @Test
  void weightsGoInAndOutUnchanged() {
    try (AdversarialPair one = scattered(Tiny.SGD);
        AdversarialPair two = scattered(Tiny.SGD)) {
      one.updateRefiner(SYNTHETIC);
      updateDiscriminator(one, REAL, SYNTHETIC);
      two.setRefinerWeights(one.refinerWeights());
      two.setDiscriminatorWeights(one.discriminatorWeights());
      assertThat(two.refinerWeights().tensors().keySet())
          .containsExactlyElementsOf(new RefinerNetwork(1, 3, 3, 2).parameters().keySet());
      assertThat(Tiny.values(two.refinerWeights()))
          .containsExactly(Tiny.values(one.refinerWeights()));
      assertThat(two.refine(SYNTHETIC).pixels()).containsExactly(one.refine(SYNTHETIC).pixels());
      assertThat(two.discriminate(REAL)).containsExactly(one.discriminate(REAL));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> two.setRefinerWeights(one.discriminatorWeights()))
          .withMessageContaining("conv_in.weight");
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aPairGoesOnFromASavedStateToTheBit(Optimizer optimizer) throws IOException {
    try (AdversarialPair uninterrupted = scattered(optimizer);
        AdversarialPair resumed = scattered(optimizer)) {
      steps(uninterrupted);
      byte[] state = state(uninterrupted);
      steps(uninterrupted);

      resumed.updateRefiner(REAL);
      resumed.loadState(new ByteArrayInputStream(state));
      assertThat(state(resumed)).containsExactly(state);
      steps(resumed);

      assertThat(state(resumed)).containsExactly(state(uninterrupted));
      assertThat(Tiny.values(resumed.refinerWeights()))
          .containsExactly(Tiny.values(uninterrupted.refinerWeights()));
    }
  }

  @Test
  void aStateTakenDuringMomentumIsNoStateOfAPairWithout() throws IOException {
    try (AdversarialPair pair = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.MOMENTUM)) {
      byte[] state = state(other);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(state)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("momentum=0.9");
    }
  }

  private static void steps(AdversarialPair pair) {
    pair.pretrainRefiner(SYNTHETIC);
    pair.updateRefiner(SYNTHETIC);
    updateDiscriminator(pair, REAL, pair.refine(SYNTHETIC));
  }

  private static byte[] state(AdversarialPair pair) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pair.saveState(out);
    return out.toByteArray();
  }

  @Test
  void aStateOfAnotherPairIsRefusedAndChangesNothing() throws IOException {
    try (AdversarialPair pair = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.ADAM)) {
      byte[] state = state(other);
      byte[] before = state(pair);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(state)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Adam");
      assertThat(state(pair)).containsExactly(before);
      byte[] half = Arrays.copyOf(before, before.length - 1);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(half)))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void theDiscriminatorSeesRememberedImagesAfterRefinedOnesWhichThenTakeTheirPlaces() {
    ImageBatch old = Tiny.images(2, Tiny.GRAY, 21);
    int[] places = {2, 0};
    try (AdversarialPair one = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.SGD)) {
      one.memory().write(old, places);
      ImageBatch synthetic = SYNTHETIC.slice(0, 1);
      ImageBatch refined = one.refine(synthetic);
      var loss = one.updateDiscriminator(REAL, synthetic, new int[] {0}, new int[] {0});

      ImageBatch seen = ImageBatch.concat(List.of(refined, old.slice(1, 2)));
      assertThat(loss.get()).isEqualTo(updateDiscriminator(other, REAL, seen));
      assertThat(Tiny.values(one.discriminatorWeights()))
          .containsExactly(Tiny.values(other.discriminatorWeights()));
      assertThat(one.memory().read(places).pixels())
          .containsExactly(ImageBatch.concat(List.of(old.slice(0, 1), refined)).pixels());
    }
  }

  @Test
  void lossesMayBeReadAfterLaterUpdates() {
    try (AdversarialPair one = scattered(Tiny.ADAM);
        AdversarialPair other = scattered(Tiny.ADAM)) {
      Supplier<RefinerLoss> refiner = one.updateRefiner(SYNTHETIC);
      Supplier<DiscriminatorLoss> discriminator =
          one.updateDiscriminator(REAL, SYNTHETIC, new int[0], new int[0]);
      one.updateRefiner(SYNTHETIC);

      assertThat(refiner.get()).isEqualTo(other.updateRefiner(SYNTHETIC).get());
      assertThat(discriminator.get())
          .isEqualTo(other.updateDiscriminator(REAL, SYNTHETIC, new int[0], new int[0]).get());
    }
  }

  @Test
  void aMiniBatchOfAnotherSizeOrShapeIsRefused() {
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
  void aNetworksWholeGradientIsScaledDownToTheClipAndASmallerOneIsLeft() {
    double refiner = moved(0, 1, MoveOf.REFINER);
    double discriminator = moved(0, 1, MoveOf.DISCRIMINATOR);
    double clip = Math.min(refiner, discriminator) / 3;
    assertThat(moved(clip, 1, MoveOf.REFINER)).isCloseTo(clip, within(1e-5 * clip));
    assertThat(moved(clip, 1, MoveOf.DISCRIMINATOR)).isCloseTo(clip, within(1e-5 * clip));
    assertThat(moved(2 * refiner, 1, MoveOf.REFINER)).isEqualTo(refiner);
  }

  @Test
  void bothLearningRatesAreScaledFromTheNextUpdateOn() {
    for (MoveOf network : MoveOf.values()) {
      double whole = moved(0, 1, network);
      assertThat(moved(0, 0.25, network)).isCloseTo(whole / 4, within(1e-4 * whole));
    }
  }

  @Test
  void aMiniBatchMayBeOdd() {
    PairSpec spec = Tiny.spec(Tiny.GRAY, 3, Tiny.MEANS, Tiny.SGD, 0);
    ImageBatch synthetic = Tiny.images(3, Tiny.GRAY, 4);
    try (AdversarialPair pair = scattered(spec)) {
      NaiveNetworks naive =
          NaiveNetworks.of(spec, pair.refinerWeights(), pair.discriminatorWeights());
      double[] expected = naive.discriminatorTerms(Tiny.images(3, Tiny.GRAY, 5), synthetic);
      DiscriminatorLoss loss = updateDiscriminator(pair, Tiny.images(3, Tiny.GRAY, 5), synthetic);
      assertRelative(expected, loss.total(), loss.real(), loss.refined());
    }
  }

  private enum MoveOf {
    REFINER,
    DISCRIMINATOR
  }

  /** The L2 norm of what one update of gradient descent at rate 1 changes in a network. */
  private double moved(double clip, double rateFactor, MoveOf network) {
    PairSpec spec = Tiny.spec(Tiny.GRAY, Tiny.BATCH, Tiny.SUMS, new Optimizer.Sgd(1), clip);
    try (AdversarialPair pair = scattered(spec)) {
      pair.scaleLearningRates(rateFactor);
      float[] before = Tiny.values(weights(pair, network));
      if (network == MoveOf.REFINER) {
        pair.updateRefiner(SYNTHETIC);
      } else {
        updateDiscriminator(pair, REAL, SYNTHETIC);
      }
      float[] after = Tiny.values(weights(pair, network));
      double squares = 0;
      for (int i = 0; i < before.length; i++) {
        squares += Math.pow(after[i] - before[i], 2);
      }
      return Math.sqrt(squares);
    }
  }

  private static Weights weights(AdversarialPair pair, MoveOf network) {
    return network == MoveOf.REFINER ? pair.refinerWeights() : pair.discriminatorWeights();
  }
}
