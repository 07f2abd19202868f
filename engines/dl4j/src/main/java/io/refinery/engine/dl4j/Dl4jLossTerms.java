package io.refinery.engine.dl4j;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.PatchMap;

/**
 * The terms of a mini-batch's losses, computed from its logits and refined images.
 *
 * @param adversarial factor of a patch's cross-entropy in the refiner's loss
 * @param selfRegularisation factor of a pixel's absolute difference, without lambda
 * @param discriminator factor of a patch's cross-entropy in the discriminator's loss
 * @param labelSmoothing probability of "refined" in the discriminator's target for real patches
 */
record Dl4jLossTerms(
    double adversarial, double selfRegularisation, double discriminator, double labelSmoothing) {

  static Dl4jLossTerms of(PairSpec spec) {
    double batch = spec.batch();
    double patches = patches(spec).count();
    return new Dl4jLossTerms(
        factor(spec.losses().adversarial(), batch * patches),
        factor(spec.losses().selfRegularisation(), batch * spec.shape().values()),
        factor(spec.losses().adversarial(), 2 * batch * patches),
        spec.losses().labelSmoothing());
  }

  /**
   * Returns the map of patches that D classifies; the whole image is one patch if the scope is
   * global.
   */
  static PatchMap patches(PairSpec spec) {
    return spec.losses().scope() == Losses.Scope.GLOBAL
        ? new PatchMap(1, 1)
        : spec.discriminator().patches(spec.shape().height(), spec.shape().width());
  }

  private static double factor(Losses.Reduction reduction, double values) {
    return reduction == Losses.Reduction.SUM ? 1 : 1 / values;
  }

  /**
   * @param logits images x classes x patches
   */
  double adversarial(double[] logits, int images) {
    return adversarial * crossEntropy(logits, 0, images, images, 0);
  }

  /**
   * @param refined as many values as {@code synthetic} has
   */
  double selfRegularisation(double[] refined, ImageBatch synthetic) {
    float[] pixels = synthetic.pixels();
    double sum = 0;
    for (int i = 0; i < pixels.length; i++) {
      sum += Math.abs(refined[i] - pixels[i]);
    }
    return selfRegularisation * sum;
  }

  /**
   * @param logits of b real images, then of b refined ones
   */
  DiscriminatorLoss discriminator(double[] logits, int batch) {
    double real = crossEntropy(logits, 0, batch, 2 * batch, labelSmoothing);
    double refined = crossEntropy(logits, batch, 2 * batch, 2 * batch, 1);
    return new DiscriminatorLoss(
        discriminator * (real + refined), adversarial * real, adversarial * refined);
  }

  /**
   * @param target the patches' target probability of "refined"
   */
  private static double crossEntropy(double[] logits, int from, int to, int images, double target) {
    int patches = logits.length / images / DiscriminatorNetwork.CLASSES;
    double sum = 0;
    for (int image = from; image < to; image++) {
      int first = image * DiscriminatorNetwork.CLASSES * patches;
      for (int patch = 0; patch < patches; patch++) {
        double real = logits[first + patch];
        double refined = logits[first + patches + patch];
        sum += (1 - target) * softplus(refined - real) + target * softplus(real - refined);
      }
    }
    return sum;
  }

  /** log(1 + exp(x)), without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
