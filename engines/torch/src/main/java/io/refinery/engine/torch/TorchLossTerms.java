package io.refinery.engine.torch;

import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.PairSpec;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The terms of a mini-batch's losses, as scalars on the device.
 *
 * <p>A patch has the logits of two classes, so its cross-entropy is a softplus of their difference.
 *
 * @param adversarial factor of the sum of the patches' cross-entropies over b images
 * @param selfRegularisation factor of the sum of the pixels' absolute differences
 * @param discriminator factor of the sum over both halves in D's loss
 */
record TorchLossTerms(
    Losses losses, double adversarial, double selfRegularisation, double discriminator) {

  static TorchLossTerms of(PairSpec spec) {
    Losses losses = spec.losses();
    double batch = spec.batch();
    double patches =
        losses.scope() == Losses.Scope.GLOBAL
            ? 1
            : spec.discriminator().patches(spec.shape().height(), spec.shape().width()).count();
    return new TorchLossTerms(
        losses,
        factor(losses.adversarial(), batch * patches),
        factor(losses.selfRegularisation(), batch * spec.shape().values()),
        factor(losses.adversarial(), 2 * batch * patches));
  }

  private static double factor(Reduction reduction, double values) {
    return reduction == Reduction.SUM ? 1 : 1 / values;
  }

  /**
   * Returns the logit of the probability of "refined" for each patch.
   *
   * @param logits images x 2 x rows x columns
   * @return images x patches
   */
  Tensor refinedLogits(Tensor logits) {
    Tensor each = logits.select(1, 1).sub(logits.select(1, 0)).flatten(1, 2);
    if (losses.scope() == Losses.Scope.LOCAL) {
      return each;
    }
    return torch.mean(each, new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
  }

  /** Returns a term of R's loss: the cross-entropy of refined images against "real". */
  Tensor adversarial(Tensor refinedLogits) {
    return times(adversarial, sumAsReal(refinedLogits, 0));
  }

  /** Returns a term of R's loss, without lambda. */
  Tensor selfRegularisation(Tensor refined, Tensor synthetic) {
    return times(selfRegularisation, refined.sub(synthetic).abs().sum());
  }

  /** Returns what the self-regularisation adds to R's loss: the term times lambda. */
  Tensor weighted(Tensor selfRegularisation) {
    return selfRegularisation.mul(new Scalar(losses.lambda()));
  }

  /** D's loss, and its terms of real and of refined images. */
  record DiscriminatorTerms(Tensor total, Tensor real, Tensor refined) {}

  /**
   * @param refinedLogits of b real images, then of b refined ones
   */
  DiscriminatorTerms discriminator(Tensor refinedLogits, int batch) {
    Tensor real = sumAsReal(refinedLogits.narrow(0, 0, batch), losses.labelSmoothing());
    Tensor refined = torch.softplus(refinedLogits.narrow(0, batch, batch).neg()).sum();
    return new DiscriminatorTerms(
        times(discriminator, real.add(refined)),
        times(adversarial, real),
        times(adversarial, refined));
  }

  /**
   * @param smoothing the target's probability of "refined"
   */
  private static Tensor sumAsReal(Tensor refinedLogits, double smoothing) {
    Tensor sum = torch.softplus(refinedLogits).sum();
    return smoothing == 0 ? sum : sum.sub(times(smoothing, refinedLogits.sum()));
  }

  private static Tensor times(double factor, Tensor term) {
    return factor == 1 ? term : term.mul(new Scalar(factor));
  }
}
