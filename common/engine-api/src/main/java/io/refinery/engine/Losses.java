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
 * @param scope what D judges. Default, also where an older manifest says nothing: {@link
 *     Scope#LOCAL}, the paper's
 * @param labelSmoothing one-sided label smoothing (arXiv 1606.03498, section 3.4): D's target for
 *     real images is "real" with this much taken away, R's target stays whole; 0 or more, below
 *     0.5. Default 0, the paper's
 */
public record Losses(
    Reduction adversarial,
    double lambda,
    Reduction selfRegularisation,
    Scope scope,
    double labelSmoothing) {

  /** How values are made one. */
  public enum Reduction {
    /** Their sum over the images of a mini-batch and their patches or pixels, as in the paper. */
    SUM,
    /** Their mean over the images of a mini-batch and their patches or pixels. */
    MEAN
  }

  /** What D judges. */
  public enum Scope {
    /** Every patch for itself (arXiv 1612.07828, section 2.2). */
    LOCAL,
    /**
     * The image as a whole: the mean of its patches' logits, so that one network serves both scopes
     * and any image size. The paper's comparison has a fully connected layer there.
     */
    GLOBAL
  }

  public Losses {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("lambda is 0 or more, not " + lambda);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "labelSmoothing is 0 or more and below 0.5, not " + labelSmoothing);
    }
    scope = scope == null ? Scope.LOCAL : scope;
  }

  /** The paper's scope, without label smoothing. */
  public Losses(Reduction adversarial, double lambda, Reduction selfRegularisation) {
    this(adversarial, lambda, selfRegularisation, Scope.LOCAL, 0);
  }
}
