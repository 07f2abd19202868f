package io.refinery.trainer.plan;

import io.refinery.engine.Losses;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.network.RefinerNetwork;
import java.util.List;
import java.util.Map;

/**
 * Everything that determines a training except the data, the engine and the device. A version's
 * manifest stores it as {@code training}. {@link Preset} has plans to start from.
 *
 * @param refiner R. Default: the paper's for eyes (64 maps, 4 blocks). Its channels follow the
 *     images: 1 for gray, 3 for colour. Ignored if a parent version provides the networks
 * @param discriminator D. Default: the paper's for eyes. Its channels follow the images. Ignored if
 *     a parent version provides the networks
 * @param schedule mini-batch, steps of every phase, K_g, K_d, history buffer
 * @param losses both reductions, and lambda, which only has meaning together with its reduction.
 *     Default: both MEAN, {@link #LAMBDA}
 * @param refinerOptimizer learning rate per update. Default: Adam, 0.0005, beta1 0.5, beta2 0.999
 *     (arXiv 1511.06434, section 4). Paper: SGD 0.001
 * @param discriminatorOptimizer learning rate per update. Default: Adam, 0.0002, beta1 0.5. Paper:
 *     as the refiner's
 * @param learningRateDrops changes of both learning rates, in ascending order of step. Default:
 *     none, as in the paper for eyes
 * @param gradientClip maximum L2 norm of a network's gradient in an update; 0 for no limit. Default
 *     0; the paper does not clip
 * @param feed how images are drawn from the bundles and transformed
 * @param guards what is monitored during training
 * @param evaluation how a version is evaluated
 * @param previewInterval steps of Algorithm 1 between two previews; 0 for only the final one.
 *     Default 0
 * @param checkpointInterval steps of any phase between two checkpoints, if there is a store for
 *     them; 0 for checkpoints only on a pause and at the end. Default 500
 * @param seed of the initial weights, the order of images and the history buffer; the same seed,
 *     data, engine and device give bit for bit the same weights. Default 1
 */
public record TrainingPlan(
    RefinerNetwork refiner,
    DiscriminatorNetwork discriminator,
    Schedule schedule,
    Losses losses,
    Optimizer refinerOptimizer,
    Optimizer discriminatorOptimizer,
    List<RateDrop> learningRateDrops,
    double gradientClip,
    Feed feed,
    GuardPlan guards,
    EvaluationPlan evaluation,
    int previewInterval,
    int checkpointInterval,
    long seed) {

  /**
   * Lambda for two MEAN reductions. The paper gives no value. 0.01 on sums, which a port quotes
   * from its author, corresponds to 0.15 here for eyes (1,925 pixels over 126 patches); other ports
   * use 0.5. On the simulator's two looks, with Adam, 0.5 let R repaint the sclera within 600 steps
   * of 8 images, and 1.5 adopted the camera's tone but drew frames along the borders; 3 changes
   * least and keeps iris and pupil in place.
   */
  public static final double LAMBDA = 3;

  /**
   * A change of both learning rates.
   *
   * @param afterStep steps of Algorithm 1 before the change, 0 or more
   * @param factor on the optimisers' own rates from then on, above 0
   */
  public record RateDrop(int afterStep, double factor) {
    public RateDrop {
      if (afterStep < 0 || !(factor > 0) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException(
            "learningRateDrops must have an afterStep of 0 or more and a factor above 0, not "
                + afterStep
                + " and "
                + factor);
      }
    }
  }

  /**
   * How images are drawn and transformed.
   *
   * @param window images of one domain held in memory to draw from at random, one byte per value;
   *     at least 1. Default 16,384 (32 MB of 55x35 gray)
   * @param heldOut images of each domain held out of training for measurements and previews; at
   *     least 1. At most a fifth of a bundle is used. Default 64
   * @param flip whether images are mirrored left to right at random, one in two. Default false, as
   *     in the paper
   * @param equalise whether the histogram of every image of both domains is equalised, as in
   *     MPIIGaze; a version then equalises its inputs too. Default false
   */
  public record Feed(int window, int heldOut, boolean flip, boolean equalise) {

    public static final Feed DEFAULT = new Feed(16_384, 64);

    /** A feed that does not transform images. */
    public Feed(int window, int heldOut) {
      this(window, heldOut, false, false);
    }

    public Feed {
      if (window < 1) {
        throw new IllegalArgumentException("feed.window must be at least 1 image, not " + window);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("feed.heldOut must be at least 1 image, not " + heldOut);
      }
    }
  }

  // Manifests of older versions lack parameters that were added later.
  public TrainingPlan {
    learningRateDrops = learningRateDrops == null ? List.of() : List.copyOf(learningRateDrops);
    guards = guards == null ? GuardPlan.DEFAULT : guards;
    evaluation = evaluation == null ? EvaluationPlan.DEFAULT : evaluation;
    if (checkpointInterval < 0) {
      throw new IllegalArgumentException(
          "checkpointInterval must be 0 steps or more, not " + checkpointInterval);
    }
    if (losses.lambda() == 0 && schedule.refinerPretraining() > 0) {
      throw new IllegalArgumentException(
          "With losses.lambda 0 there is nothing to pre-train the refiner on: set"
              + " schedule.refinerPretraining to 0");
    }
    if (previewInterval < 0) {
      throw new IllegalArgumentException(
          "previewInterval must be 0 steps or more, not " + previewInterval);
    }
  }

  /** The specification that an engine builds the networks from, for images of {@code shape}. */
  public PairSpec pair(ImageShape shape) {
    return new PairSpec(
        refiner,
        discriminator,
        shape,
        schedule.batch(),
        schedule.historySize(),
        losses,
        refinerOptimizer,
        discriminatorOptimizer,
        gradientClip,
        seed);
  }

  /**
   * The map of patches that D classifies per image: a single one if it classifies the whole image.
   */
  public PatchMap patches(ImageShape shape) {
    return losses.scope() == Losses.Scope.GLOBAL
        ? new PatchMap(1, 1)
        : discriminator.patches(shape.height(), shape.width());
  }

  /** The factor on both learning rates after {@code step} steps of Algorithm 1. */
  public double learningRateFactor(int step) {
    double factor = 1;
    for (RateDrop drop : learningRateDrops) {
      factor = drop.afterStep() <= step ? drop.factor() : factor;
    }
    return factor;
  }

  /** Returns the same plan for images of 1 or 3 channels. */
  public TrainingPlan withChannels(int channels) {
    return withNetworks(
        new RefinerNetwork(channels, refiner.filterSize(), refiner.filters(), refiner.blocks()),
        new DiscriminatorNetwork(channels, discriminator.layers()));
  }

  /** Returns the same plan for other networks. */
  public TrainingPlan withNetworks(RefinerNetwork otherRefiner, DiscriminatorNetwork other) {
    return new TrainingPlan(
        otherRefiner,
        other,
        schedule,
        losses,
        refinerOptimizer,
        discriminatorOptimizer,
        learningRateDrops,
        gradientClip,
        feed,
        guards,
        evaluation,
        previewInterval,
        checkpointInterval,
        seed);
  }

  /**
   * Returns the parameters in which {@code other} differs, such as {@code schedule.steps: 60, not
   * 61}.
   */
  public List<String> differences(TrainingPlan other) {
    return PlanSettings.differences(this, other);
  }

  /**
   * Returns the same plan with some parameters changed.
   *
   * @param settings new values by parameter name as in a manifest, with dots between levels, such
   *     as {@code schedule.steps} = {@code 500} or {@code losses.lambda} = {@code 0.3}
   * @throws IllegalArgumentException naming the parameter that does not exist or cannot have that
   *     value
   */
  public TrainingPlan with(Map<String, String> settings) {
    return PlanSettings.apply(this, settings);
  }
}
