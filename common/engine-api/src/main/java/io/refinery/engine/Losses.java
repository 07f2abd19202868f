package io.refinery.engine;

/**
 * How the losses of arXiv 1612.07828, eq. 1, 2 and 4 are computed.
 *
 * <p>The refiner's loss is {@code adversarial + lambda * self-regularisation}, where the
 * adversarial term is the cross-entropy of every patch of D(R(x)) against "real", and the
 * self-regularisation term is |R(x) - x| of every pixel. The discriminator's loss is the
 * cross-entropy of every patch of its real and its refined images against their own class.
 *
 * @param adversarial reduction of the cross-entropies over patches and images, in both networks'
 *     losses; for the discriminator over the images of both halves, 2b
 * @param lambda weight of the self-regularisation term, 0 or more; the paper gives no value
 * @param selfRegularisation reduction of the absolute differences over pixels and images
 * @param scope what D judges. Default, also for older manifests without a scope: {@link
 *     Scope#LOCAL}, as in the paper
 * @param labelSmoothing one-sided label smoothing (arXiv 1606.03498, section 3.4): D's target for
 *     real images is lowered by this much, R's target is unchanged; 0 or more, below 0.5. Default
 *     0, as in the paper
 */
public record Losses(
    Reduction adversarial,
    double lambda,
    Reduction selfRegularisation,
    Scope scope,
    double labelSmoothing) {

  /** How values are reduced to one. */
  public enum Reduction {
    /** Their sum over the images of a mini-batch and their patches or pixels, as in the paper. */
    SUM,
    /** Their mean over the images of a mini-batch and their patches or pixels. */
    MEAN
  }

  /** What D judges. */
  public enum Scope {
    /** Every patch separately (arXiv 1612.07828, section 2.2). */
    LOCAL,
    /**
     * The whole image, by the mean of its patches' logits, so that one network works for both
     * scopes and any image size. The paper's comparison uses a fully connected layer instead.
     */
    GLOBAL
  }

  public Losses {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("lambda must be 0 or more, not " + lambda);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "labelSmoothing must be 0 or more and below 0.5, not " + labelSmoothing);
    }
    scope = scope == null ? Scope.LOCAL : scope;
  }

  /** Uses the paper's scope, without label smoothing. */
  public Losses(Reduction adversarial, double lambda, Reduction selfRegularisation) {
    this(adversarial, lambda, selfRegularisation, Scope.LOCAL, 0);
  }
}
