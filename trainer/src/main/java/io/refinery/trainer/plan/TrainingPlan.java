package io.refinery.trainer.plan;

import io.refinery.engine.Losses;
import io.refinery.engine.Optimizer;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.util.Map;

/**
 * Everything that decides a training but the data, the engine and the device; a version's manifest
 * keeps it as {@code training}. {@link Preset} has plans to start from.
 *
 * @param refiner R. Default: the paper's for eyes (64 maps, 4 blocks). Ignored where a parent
 *     version gives the networks
 * @param discriminator D. Default: the paper's for eyes. Ignored where a parent gives the networks
 * @param schedule mini-batch, steps of every phase, K_g, K_d, history buffer
 * @param losses both reductions, and lambda, which means nothing without its reduction. Default:
 *     both MEAN, {@link #LAMBDA}
 * @param refinerOptimizer learning rate per update. Default: Adam, 0.0005, beta1 0.5, beta2 0.999
 *     (arXiv 1511.06434, section 4). Paper: SGD 0.001
 * @param discriminatorOptimizer learning rate per update. Default: Adam, 0.0002, beta1 0.5. Paper:
 *     as the refiner's
 * @param feed how images are drawn from the bundles
 * @param previewInterval steps of Algorithm 1 between two previews; 0 for the last one alone.
 *     Default 0
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
    Feed feed,
    int previewInterval,
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
   * How images are drawn.
   *
   * @param window images of one domain that are held to be drawn from at random, one byte a value;
   *     at least 1. Default 16,384 (32 MB of 55x35 gray)
   * @param heldOut images of each domain that are kept from training, to measure and to show; at
   *     least 1, and at most a fifth of a bundle is taken. Default 64
   */
  public record Feed(int window, int heldOut) {

    public static final Feed DEFAULT = new Feed(16_384, 64);

    public Feed {
      if (window < 1) {
        throw new IllegalArgumentException("feed.window is at least 1 image, not " + window);
      }
      if (heldOut < 1) {
        throw new IllegalArgumentException("feed.heldOut is at least 1 image, not " + heldOut);
      }
    }
  }

  public TrainingPlan {
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
        losses,
        refinerOptimizer,
        discriminatorOptimizer,
        seed);
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
        feed,
        previewInterval,
        seed);
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
