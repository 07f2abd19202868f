package io.refinery.parity;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.engine.Device;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.parity.GoldenVectors.Case;
import io.refinery.parity.GoldenVectors.Course;
import io.refinery.parity.GoldenVectors.StepLosses;
import io.refinery.parity.GoldenVectors.Update;
import io.refinery.parity.GoldenVectors.Updates;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.ImageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** An engine's results for a case of the golden vectors, in the oracle's format. */
record GoldenAnswer(Updates updates, Course course) {

  static GoldenAnswer compute(TrainingEngine engine, GoldenVectors vectors, Case golden)
      throws IOException, BundleException {
    return new GoldenAnswer(updates(engine, vectors, golden), course(engine, vectors, golden));
  }

  private static Updates updates(TrainingEngine engine, GoldenVectors vectors, Case golden) {
    int batch = vectors.schedule().batch();
    ImageBatch first = vectors.syntheticImages().slice(0, batch);
    ImageBatch second = vectors.syntheticImages().slice(batch, 2 * batch);
    ImageBatch real = vectors.realImages().slice(0, batch);
    // Gradient descent at rate 1 subtracts the gradient itself.
    Optimizer bare = new Optimizer.Sgd(1);
    PairSpec spec = vectors.spec(golden, bare, bare, 0);
    return new Updates(
        update(
            pair(engine, vectors, spec),
            NetworkTensors::refiner,
            pair -> List.of(pair.pretrainRefiner(first).getAsDouble())),
        update(
            pair(engine, vectors, spec),
            NetworkTensors::refiner,
            pair -> terms(pair.updateRefiner(first).get())),
        update(
            pair(engine, vectors, spec),
            NetworkTensors::discriminator,
            pair -> terms(discriminatorLoss(pair, real, second))));
  }

  /** D's refined images come from the memory, so that they are exactly these. */
  private static DiscriminatorLoss discriminatorLoss(
      AdversarialPair pair, ImageBatch real, ImageBatch refined) {
    int[] places = IntStream.range(0, refined.count()).toArray();
    pair.memory().write(refined, places);
    return pair.updateDiscriminator(real, refined.slice(0, 0), places, new int[0]).get();
  }

  private static Update update(
      AdversarialPair pair,
      Function<NetworkTensors, Map<String, float[]>> network,
      Function<AdversarialPair, List<Double>> update) {
    try (pair) {
      NetworkTensors before = NetworkTensors.of(pair);
      List<Double> losses = update.apply(pair);
      return new Update(losses, network.apply(NetworkTensors.of(pair).changeTo(before)));
    }
  }

  private static Course course(TrainingEngine engine, GoldenVectors vectors, Case golden)
      throws IOException, BundleException {
    PairSpec spec =
        vectors.spec(
            golden,
            golden.refinerOptimizer(),
            golden.discriminatorOptimizer(),
            golden.gradientClip());
    List<Step> steps = new ArrayList<>();
    try (AdversarialPair pair = pair(engine, vectors, spec)) {
      AdversarialTraining training =
          new AdversarialTraining(
              pair,
              inOrder(vectors.syntheticImages()),
              inOrder(vectors.realImages()),
              vectors.schedule(),
              golden::learningRateFactor,
              new HistoryBuffer(
                  vectors.schedule().historySize(), vectors.shape(), 1, pair.memory()));
      training.run(noteIn(steps), () -> ControlSignal.CONTINUE);
      return new Course(
          new StepLosses(
              List.of(((RefinerPretrained) steps.get(0)).selfRegularisation()),
              terms(((DiscriminatorPretrained) steps.get(1)).discriminator())),
          steps.stream().skip(2).map(step -> losses((AdversarialStep) step)).toList(),
          NetworkTensors.of(pair));
    }
  }

  private static AdversarialTraining.StepListener noteIn(List<Step> steps) {
    return step -> {
      steps.add(step);
      return Optional.empty();
    };
  }

  private static StepLosses losses(AdversarialStep step) {
    return new StepLosses(terms(step.refiner()), terms(step.discriminator()));
  }

  private static AdversarialPair pair(TrainingEngine engine, GoldenVectors vectors, PairSpec spec) {
    AdversarialPair pair = engine.pair(spec, Device.cpu());
    pair.setRefinerWeights(vectors.refinerWeights());
    pair.setDiscriminatorWeights(vectors.discriminatorWeights());
    return pair;
  }

  private static ImageSource inOrder(ImageBatch images) {
    int[] taken = {0};
    return count -> {
      taken[0] += count;
      return images.slice(taken[0] - count, taken[0]);
    };
  }

  static List<Double> terms(RefinerLoss loss) {
    return List.of(loss.adversarial(), loss.selfRegularisation());
  }

  static List<Double> terms(DiscriminatorLoss loss) {
    return List.of(loss.total(), loss.real(), loss.refined());
  }
}
