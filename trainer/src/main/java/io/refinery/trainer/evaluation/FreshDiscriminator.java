package io.refinery.trainer.evaluation;

import io.refinery.engine.Estimator;
import io.refinery.image.ImageBatch;
import io.refinery.trainer.evaluation.EvaluationReport.Fresh;
import io.refinery.trainer.plan.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Measures with a discriminator that R never trained against, so that R cannot exploit its blind
 * spots.
 */
final class FreshDiscriminator {

  private static final String PART = "fresh";
  private static final int STREAM = 3;
  private static final int HIDDEN = 32;

  private FreshDiscriminator() {}

  static Optional<Fresh> measure(
      DomainSample real, DomainSample synthetic, DomainSample refined, EvaluationContext setting) {
    if (setting.plan().discriminatorSteps() == 0) {
      return setting.omit(PART, "evaluation.discriminatorSteps is 0.");
    }
    int fewest = Math.min(real.heldOut().count(), refined.heldOut().count());
    if (fewest < RealismMeasure.LEAST) {
      return setting.omit(
          PART,
          Evaluation.tooFew(
              real.heldOut().count(), refined.heldOut().count(), RealismMeasure.LEAST));
    }
    return Optional.of(
        new Fresh(accuracy(real, refined, setting), accuracy(real, synthetic, setting)));
  }

  private static Estimate accuracy(
      DomainSample real, DomainSample other, EvaluationContext setting) {
    long seed = setting.seed(STREAM);
    try (Estimator network =
        setting.estimator(
            EvaluationNetworks.classifier(real.training().shape(), HIDDEN, 2, seed))) {
      learn(
          network,
          List.of(real.training(), other.training()),
          setting.plan().discriminatorSteps(),
          Seeds.stream(seed, 1));
      return balanced(
          right(network, real.heldOut(), 0), right(network, other.heldOut(), 1), setting);
    }
  }

  private static void learn(
      Estimator network, List<Sample> classes, int steps, SplittableRandom random) {
    Augmentation augmentation = new Augmentation(2, true, false);
    int half = EvaluationNetworks.BATCH / 2;
    float[] targets = new float[4 * half];
    for (int i = 0; i < 2 * half; i++) {
      targets[2 * i + i / half] = 1;
    }
    for (int step = 0; step < steps; step++) {
      ImageBatch images =
          ImageBatch.concat(
              classes.stream()
                  .map(sample -> sample.images(random.ints(half, 0, sample.count()).toArray()))
                  .toList());
      network.update(
          augmentation.apply(images, augmentation.moves(2 * half, random), random), targets);
    }
  }

  /** 1 for every correctly classified image, 0 for the others. */
  private static double[] right(Estimator network, Sample sample, int label) {
    float[] logits = network.predict(sample.all());
    double[] right = new double[sample.count()];
    for (int i = 0; i < right.length; i++) {
      right[i] = logits[2 * i + label] > logits[2 * i + 1 - label] ? 1 : 0;
    }
    return right;
  }

  private static Estimate balanced(double[] real, double[] other, EvaluationContext setting) {
    Bootstrap bootstrap = setting.bootstrap();
    SplittableRandom random = bootstrap.random();
    double[] again = new double[bootstrap.resamples()];
    for (int r = 0; r < again.length; r++) {
      again[r] = (drawnMean(real, random) + drawnMean(other, random)) / 2;
    }
    double value =
        (Arrays.stream(real).average().orElseThrow() + Arrays.stream(other).average().orElseThrow())
            / 2;
    return Estimate.of(value, again);
  }

  private static double drawnMean(double[] values, SplittableRandom random) {
    return Arrays.stream(Bootstrap.draw(random, values.length))
        .mapToDouble(i -> values[i])
        .average()
        .orElseThrow();
  }
}
