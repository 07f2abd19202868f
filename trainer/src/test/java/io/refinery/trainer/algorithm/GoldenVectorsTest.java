package io.refinery.trainer.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.Weights;
import io.refinery.trainer.algorithm.GoldenVectors.Case;
import io.refinery.trainer.algorithm.GoldenVectors.StepLosses;
import io.refinery.trainer.algorithm.GoldenVectors.Update;
import io.refinery.trainer.algorithm.TrainingOutcome.Completed;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.ImageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every engine against vectors that PyTorch computed. A value may be off by 1e-4 of the largest
 * value of its tensor, a loss by 1e-4 of itself.
 */
class GoldenVectorsTest {

  private static final List<String> ENGINES = List.of("dl4j");
  private static final double TOLERANCE = 1e-4;
  private static final GoldenVectors VECTORS = GoldenVectors.read();
  private static final ImageBatch SYNTHETIC = VECTORS.syntheticImages();
  private static final ImageBatch REAL = VECTORS.realImages();
  private static final int BATCH = VECTORS.schedule().batch();

  static Stream<Arguments> enginesAndCases() {
    return ENGINES.stream()
        .flatMap(engine -> VECTORS.cases().stream().map(name -> Arguments.of(engine, name)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void lossesAndGradientsAreThoseOfTheOracle(String engine, String name) {
    Case golden = VECTORS.named(name);
    ImageBatch first = SYNTHETIC.slice(0, BATCH);
    ImageBatch second = SYNTHETIC.slice(BATCH, 2 * BATCH);
    ImageBatch real = REAL.slice(0, BATCH);
    assertUpdate(
        engine,
        golden,
        golden.updates().pretraining(),
        AdversarialPair::refinerWeights,
        pair -> List.of(pair.pretrainRefiner(first).getAsDouble()));
    assertUpdate(
        engine,
        golden,
        golden.updates().refiner(),
        AdversarialPair::refinerWeights,
        pair -> terms(pair.updateRefiner(first).get()));
    assertUpdate(
        engine,
        golden,
        golden.updates().discriminator(),
        AdversarialPair::discriminatorWeights,
        pair -> terms(discriminatorLoss(pair, real, second)));
  }

  /** D's images are recalled, so that they are exactly these. */
  private static DiscriminatorLoss discriminatorLoss(
      AdversarialPair pair, ImageBatch real, ImageBatch refined) {
    int[] places = IntStream.range(0, refined.count()).toArray();
    pair.memory().write(refined, places);
    return pair.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]).get();
  }

  /** Gradient descent at rate 1 subtracts the gradient itself. */
  private static void assertUpdate(
      String engine,
      Case golden,
      Update expected,
      Function<AdversarialPair, Weights> network,
      Function<AdversarialPair, List<Double>> update) {
    Optimizer bare = new Optimizer.Sgd(1);
    try (AdversarialPair pair = pair(engine, VECTORS.spec(golden, bare, bare, 0))) {
      Weights before = network.apply(pair);
      assertLosses("losses", update.apply(pair), expected.losses());
      Weights after = network.apply(pair);
      expected
          .gradients()
          .forEach(
              (name, gradient) ->
                  assertTensor(
                      "gradient of " + name,
                      difference(before.tensor(name).values(), after.tensor(name).values()),
                      gradient));
    }
  }

  @ParameterizedTest
  @MethodSource("enginesAndCases")
  void algorithm1MakesTheSameOfTheNetworks(String engine, String name) throws Exception {
    Case golden = VECTORS.named(name);
    PairSpec spec =
        VECTORS.spec(
            golden,
            golden.refinerOptimizer(),
            golden.discriminatorOptimizer(),
            golden.gradientClip());
    List<Step> steps = new ArrayList<>();
    try (AdversarialPair pair = pair(engine, spec)) {
      AdversarialTraining training =
          new AdversarialTraining(
              pair,
              inOrder(SYNTHETIC),
              inOrder(REAL),
              VECTORS.schedule(),
              golden::learningRateFactor,
              new HistoryBuffer(
                  VECTORS.schedule().historySize(), VECTORS.shape(), 1, pair.memory()));
      assertThat(training.run(noteIn(steps), () -> Wish.CONTINUE)).isEqualTo(new Completed());
      assertSteps(steps, golden);
      assertNetwork(pair.refinerWeights(), golden.weights().refiner());
      assertNetwork(pair.discriminatorWeights(), golden.weights().discriminator());
    }
  }

  private static AdversarialTraining.StepListener noteIn(List<Step> steps) {
    return step -> {
      steps.add(step);
      return Optional.empty();
    };
  }

  private static AdversarialPair pair(String engine, PairSpec spec) {
    AdversarialPair pair =
        EngineSelection.training(engine, Device.cpu()).engine().pair(spec, Device.cpu());
    pair.setRefinerWeights(VECTORS.refinerWeights());
    pair.setDiscriminatorWeights(VECTORS.discriminatorWeights());
    return pair;
  }

  private static ImageSource inOrder(ImageBatch images) {
    int[] taken = {0};
    return count -> {
      taken[0] += count;
      return images.slice(taken[0] - count, taken[0]);
    };
  }

  private static List<Double> terms(RefinerLoss loss) {
    return List.of(loss.adversarial(), loss.selfRegularisation());
  }

  private static List<Double> terms(DiscriminatorLoss loss) {
    return List.of(loss.total(), loss.real(), loss.refined());
  }

  private static void assertSteps(List<Step> steps, Case golden) {
    assertThat(steps).hasSize(2 + golden.steps().size());
    assertLosses(
        "pre-training of R",
        List.of(((RefinerPretrained) steps.get(0)).selfRegularisation()),
        golden.pretraining().refiner());
    assertLosses(
        "pre-training of D",
        terms(((DiscriminatorPretrained) steps.get(1)).discriminator()),
        golden.pretraining().discriminator());
    for (int i = 0; i < golden.steps().size(); i++) {
      AdversarialStep step = (AdversarialStep) steps.get(2 + i);
      StepLosses expected = golden.steps().get(i);
      assertLosses("R, step " + (i + 1), terms(step.refiner()), expected.refiner());
      assertLosses("D, step " + (i + 1), terms(step.discriminator()), expected.discriminator());
    }
  }

  private static void assertLosses(String what, List<Double> actual, List<Double> expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Math.abs(actual.get(i) / expected.get(i) - 1))
          .as("%s: %s, not %s", what, actual, expected)
          .isLessThan(TOLERANCE);
    }
  }

  private static void assertNetwork(Weights actual, Map<String, float[]> expected) {
    assertThat(actual.tensors()).hasSameSizeAs(expected);
    expected.forEach((name, values) -> assertTensor(name, actual.tensor(name).values(), values));
  }

  private static void assertTensor(String name, float[] actual, float[] expected) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    double largest = 0;
    double furthest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      furthest = Math.max(furthest, Math.abs(actual[i] - expected[i]));
    }
    assertThat(largest).as(name).isPositive();
    assertThat(furthest / largest).as(name).isLessThan(TOLERANCE);
  }

  private static float[] difference(float[] from, float[] subtracted) {
    float[] difference = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      difference[i] = from[i] - subtracted[i];
    }
    return difference;
  }
}
