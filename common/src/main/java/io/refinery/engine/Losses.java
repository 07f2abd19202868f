package io.refinery.engine;

/**
 * How the losses of arXiv 1612.07828, eq. 1, 2 and 4 are added up.
 *
 * <p>The refiner's loss is {@code adversarial + lambda * self-regularisation}, where the
 * adversarial term is the cross-entropy of every patch of D(R(x)) against "real", and the
 * self-regularisation term is |R(x) - x| of every pixel. The discriminator's loss is the
 * cross-entropy of every patch of its real and its refined images against their own class.
 *
 * @param adversarial of the cross-entropies over patches and images, in both networks' losses; for
 *     the discriminator the images are those of both halves, 2b
 * @param lambda weight of the self-regularisation term, 0 or more; the paper gives no value
 * @param selfRegularisation of the absolute differences over pixels and images
 */
public record Losses(Reduction adversarial, double lambda, Reduction selfRegularisation) {

  /** How values are made one. */
  public enum Reduction {
    /** Their sum over the images of a mini-batch and their patches or pixels, as in the paper. */
    SUM,
    /** Their mean over the images of a mini-batch and their patches or pixels. */
    MEAN
  }

  public Losses {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("lambda is 0 or more, not " + lambda);
    }
  }
}
