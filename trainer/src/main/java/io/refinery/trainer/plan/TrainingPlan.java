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
 * Everything that decides a training but the data, the engine and the device; a version's manifest
 * keeps it as {@code training}. {@link Preset} has plans to start from.
 *
 * @param refiner R. Default: the paper's for eyes (64 maps, 4 blocks). Its channels follow the
 *     images: 1 for gray, 3 for colour. Ignored where a parent version gives the networks
 * @param discriminator D. Default: the paper's for eyes. Its channels follow the images. Ignored
 *     where a parent gives the networks
 * @param schedule mini-batch, steps of every phase, K_g, K_d, history buffer
 * @param losses both reductions, and lambda, which means nothing without its reduction. Default:
 *     both MEAN, {@link #LAMBDA}
 * @param refinerOptimizer learning rate per update. Default: Adam, 0.0005, beta1 0.5, beta2 0.999
 *     (arXiv 1511.06434, section 4). Paper: SGD 0.001
 * @param discriminatorOptimizer learning rate per update. Default: Adam, 0.0002, beta1 0.5. Paper:
 *     as the refiner's
 * @param learningRateDrops the schedule of both learning rates, rising by step. Default: none, they
 *     are constant, as the paper's for eyes
 * @param gradientClip largest L2 norm of one network's gradient in an update; 0 for no limit.
 *     Default 0; the paper clips nothing
 * @param feed how images are drawn from the bundles, and what is done to them
 * @param guards what is watched while it trains
 * @param evaluation how a version is judged
 * @param previewInterval steps of Algorithm 1 between two previews; 0 for the last one alone.
 *     Default 0
 * @param checkpointInterval steps of any phase between two checkpoints, where there is a place for
 *     them; 0 for none but those on a stop. Default 500
 * @param seed of the weights' first values, the order of images and the history buffer; the same
 *     seed, data, engine and device give the same weights to the bit. Default 1
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
   * Lambda for two MEAN reductions. The paper gives none; 0.01 on sums, which a port quotes from
   * its author, is 0.15 here for eyes (1,925 pixels over 126 patches), and other ports take 0.5. On
   * the simulator's two looks, with Adam, 0.5 let R repaint the sclera within 600 steps of 8
   * images, and 1.5 took the camera's tone but drew frames along the borders; 3 changes least and
   * leaves iris and pupil where they were.
   */
  public static final double LAMBDA = 3;

  /**
   * A change of both learning rates.
   *
   * @param afterStep steps of Algorithm 1 that go before it, 0 or more
   * @param factor of the optimisers' own rates from there on, above 0
   */
  public record RateDrop(int afterStep, double factor) {
    public RateDrop {
      if (afterStep < 0 || !(factor > 0) || Double.isInfinite(factor)) {
        throw new IllegalArgumentException(
            "learningRateDrops have an afterStep of 0 or more and a factor above 0, not "
                + afterStep
                + " and "
                + factor);
      }
    }
  }

  /**
   * How images are drawn, and what is done to them.
   *
   * @param window images of one domain that are held to be drawn from at random, one byte a value;
   *     at least 1. Default 16,384 (32 MB of 55x35 gray)
   * @param heldOut images of each domain that are kept from training, to measure and to show; at
   *     least 1, and at most a fifth of a bundle is taken. Default 64
   * @param flip whether every other image, at random, is mirrored left to right. Default false, as
   *     in the paper
   * @param equalise whether the histogram of every image of both domains is equalised, as that of
   *     MPIIGaze is; a version then equalises what it is to refine too. Default false
   */
  public record Feed(int window, int heldOut, boolean flip, boolean equalise) {

    public static final Feed DEFAULT = new Feed(16_384, 64);

    /** Images as they are. */
    public Feed(int window, int heldOut) {
      this(window, heldOut, false, false);
    }

    public Feed {
      if (window < 1) {
        throw new IllegalArgumentException("feed.window is at least 1 image, not " + window);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("feed.heldOut is at least 1 image, not " + heldOut);
      }
    }
  }

  // A manifest of an older version lacks what had not been thought of.
  public TrainingPlan {
    learningRateDrops = learningRateDrops == null ? List.of() : List.copyOf(learningRateDrops);
    guards = guards == null ? GuardPlan.DEFAULT : guards;
    evaluation = evaluation == null ? EvaluationPlan.DEFAULT : evaluation;
    if (checkpointInterval < 0) {
      throw new IllegalArgumentException(
          "checkpointInterval is 0 steps or more, not " + checkpointInterval);
    }
    if (losses.lambda() == 0 && schedule.refinerPretraining() > 0) {
      throw new IllegalArgumentException(
          "With losses.lambda 0 there is nothing to pre-train the refiner on: set"
              + " schedule.refinerPretraining to 0");
    }
    if (previewInterval < 0) {
      throw new IllegalArgumentException(
          "previewInterval is 0 steps or more, not " + previewInterval);
    }
  }

  /** What an engine builds the networks from, for images of {@code shape}. */
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

  /** The map of patches that D judges of an image: one, where it judges the whole. */
  public PatchMap patches(ImageShape shape) {
    return losses.scope() == Losses.Scope.GLOBAL
        ? new PatchMap(1, 1)
        : discriminator.patches(shape.height(), shape.width());
  }

  /** What both learning rates are multiplied by after {@code step} steps of Algorithm 1. */
  public double learningRateFactor(int step) {
    double factor = 1;
    for (RateDrop drop : learningRateDrops) {
      factor = drop.afterStep() <= step ? drop.factor() : factor;
    }
    return factor;
  }

  /** The same plan for images of 1 or 3 channels. */
  public TrainingPlan withChannels(int channels) {
    return withNetworks(
        new RefinerNetwork(channels, refiner.filterSize(), refiner.filters(), refiner.blocks()),
        new DiscriminatorNetwork(channels, discriminator.layers()));
  }

  /** The same plan for other networks. */
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
   * The parameters that {@code other} has otherwise, such as {@code schedule.steps: 60, not 61}.
   */
  public List<String> differences(TrainingPlan other) {
    return PlanSettings.differences(this, other);
  }

  /**
   * The same plan with some parameters changed.
   *
   * @param settings new values by the names that parameters have in a manifest, with dots between
   *     levels, such as {@code schedule.steps} = {@code 500} or {@code losses.lambda} = {@code 0.3}
   * @throws IllegalArgumentException naming the parameter that does not exist or cannot have that
   *     value
   */
  public TrainingPlan with(Map<String, String> settings) {
    return PlanSettings.apply(this, settings);
  }
}
