package io.refinery.engine.dl4j;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork;

/**
 * The losses' terms of a mini-batch, and what their sums are multiplied by.
 *
 * @param adversarial of a patch's cross-entropy in the refiner's loss
 * @param selfRegularisation of a pixel's absolute difference, without lambda
 * @param discriminator of a patch's cross-entropy in the discriminator's loss
 */
record LossTerms(double adversarial, double selfRegularisation, double discriminator) {

  static LossTerms of(PairSpec spec) {
    double batch = spec.batch();
    double patches =
        spec.discriminator().patches(spec.shape().height(), spec.shape().width()).count();
    return new LossTerms(
        factor(spec.losses().adversarial(), batch * patches),
        factor(spec.losses().selfRegularisation(), batch * spec.shape().values()),
        factor(spec.losses().adversarial(), 2 * batch * patches));
  }

  private static double factor(Losses.Reduction reduction, double values) {
    return reduction == Losses.Reduction.SUM ? 1 : 1 / values;
  }

  /**
   * @param logits images x classes x patches
   */
  double adversarial(double[] logits, int images) {
    return adversarial * crossEntropy(logits, 0, images, images, PatchClass.REAL);
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
    double real = crossEntropy(logits, 0, batch, 2 * batch, PatchClass.REAL);
    double refined = crossEntropy(logits, batch, 2 * batch, 2 * batch, PatchClass.REFINED);
    return new DiscriminatorLoss(
        discriminator * (real + refined), adversarial * real, adversarial * refined);
  }

  private static double crossEntropy(
      double[] logits, int from, int to, int images, PatchClass target) {
    int patches = logits.length / images / DiscriminatorNetwork.CLASSES;
    double sum = 0;
    for (int image = from; image < to; image++) {
      int first = image * DiscriminatorNetwork.CLASSES * patches;
      for (int patch = 0; patch < patches; patch++) {
        double real = logits[first + patch];
        double refined = logits[first + patches + patch];
        sum += softplus(target == PatchClass.REAL ? refined - real : real - refined);
      }
    }
    return sum;
  }

  /** log(1 + exp(x)), without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
