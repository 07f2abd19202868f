package io.refinery.trainer.plan;

import io.refinery.engine.Losses;
import io.refinery.engine.Losses.Reduction;
import io.refinery.engine.Optimizer;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A training plan to start from.
 *
 * @param name in configuration and on the command line
 * @param purpose what it is for, in a few words
 */
public record Preset(String name, String purpose, TrainingPlan plan) {

  /**
   * The paper's training of 55x35 gray eyes (arXiv 1612.07828, section 3.1 and supplement):
   * mini-batches of 512, 1,000 and 200 steps of pre-training, K_g 2, K_d 1, SGD at 0.001. What the
   * paper leaves open is chosen here: 10,000 steps, a buffer of 50 mini-batches, and means with
   * lambda 0.15, which weighs the two terms as 0.01 does on sums; with the paper's sums, that rate
   * would make the first update far too large. For a GPU.
   */
  public static final Preset EYES_PAPER =
      new Preset(
          "eyes-paper",
          "the paper's training of 55x35 eyes, for a GPU",
          eyes(
              new Schedule(512, 1000, 200, 10_000, 2, 1, 25_600),
              means(0.15),
              new Optimizer.Sgd(0.001),
              new Optimizer.Sgd(0.001),
              500));

  /**
   * The paper's training of 224x224 depth images of hands (arXiv 1612.07828, section 3.2 and
   * supplement): 500 and 200 steps of pre-training, SGD at 0.0002, at 0.00005 after 600,000 steps.
   * What the paper leaves open is chosen here: mini-batches of 32, 700,000 steps, a buffer of 50
   * mini-batches, means with lambda 0.15, a window of 2,048 images (103 MB). For a GPU.
   */
  public static final Preset HANDS_PAPER =
      new Preset(
          "hands-paper",
          "the paper's training of 224x224 hands, for a GPU",
          new TrainingPlan(
              RefinerNetwork.hands(),
              DiscriminatorNetwork.hands(),
              new Schedule(32, 500, 200, 700_000, 2, 1, 1600),
              means(0.15),
              new Optimizer.Sgd(0.0002),
              new Optimizer.Sgd(0.0002),
              List.of(new TrainingPlan.RateDrop(600_000, 0.25)),
              0,
              new TrainingPlan.Feed(2048, 64),
              GuardPlan.DEFAULT,
              EvaluationPlan.DEFAULT,
              10_000,
              2000,
              1));

  /**
   * A student's run of a public port on 55x35 gray eyes, which took 20 hours on a GeForce 940MX:
   * mini-batches of 49, 8,000 steps, K_g 2, K_d 1, SGD at 0.001, the adversarial term a mean,
   * lambda 1e-4 on the self-regularisation's sum over the mini-batch (9.4 on its mean).
   * Pre-training as in the paper, a buffer of 100 mini-batches as the port intends.
   */
  public static final Preset EYES_PORT =
      new Preset(
          "eyes-port",
          "a student's run of a public port on 55x35 eyes, 8,000 steps",
          eyes(
              new Schedule(49, 1000, 200, 8000, 2, 1, 4900),
              new Losses(Reduction.MEAN, 1e-4, Reduction.SUM),
              new Optimizer.Sgd(0.001),
              new Optimizer.Sgd(0.001),
              100));

  /** Trains the shipped model from the simulator's two looks, on two CPU cores. */
  public static final Preset EYES_SIMULATED =
      new Preset(
          "eyes-simulated",
          "55x35 eyes from the simulator's two looks, within ten minutes on 2 cores",
          eyes(Schedule.DEFAULT, means(TrainingPlan.LAMBDA), adam(5e-4), adam(2e-4), 100));

  /** Takes a quarter of a minute; the figures are rough, as their intervals show. */
  private static final Map<String, String> QUICK_EVALUATION =
      Map.of(
          "evaluation.locatorSteps", "100",
          "evaluation.featureSteps", "60",
          "evaluation.discriminatorSteps", "0",
          "evaluation.gazeSteps", "0",
          "evaluation.resamples", "200",
          "evaluation.images", "256");

  /** Continues from a parent version for a minute on two CPU cores, to try the whole pipeline. */
  public static final Preset QUICK =
      new Preset(
          "quick",
          "a few more steps from a parent version, a minute on 2 cores",
          eyes(
                  new Schedule(8, 0, 20, 40, 2, 1, 80),
                  means(TrainingPlan.LAMBDA),
                  adam(1e-4),
                  adam(1e-4),
                  0)
              .with(QUICK_EVALUATION));

  /** All presets. */
  public static final List<Preset> ALL =
      List.of(EYES_PAPER, HANDS_PAPER, EYES_PORT, EYES_SIMULATED, QUICK);

  /**
   * @throws IllegalArgumentException listing the available presets
   */
  public static Preset named(String name) {
    return ALL.stream()
        .filter(preset -> preset.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no preset '"
                        + name
                        + "'; available presets: "
                        + ALL.stream().map(Preset::name).collect(Collectors.joining(", "))));
  }

  private static TrainingPlan eyes(
      Schedule schedule,
      Losses losses,
      Optimizer refiner,
      Optimizer discriminator,
      int previewInterval) {
    return new TrainingPlan(
        RefinerNetwork.eyes(),
        DiscriminatorNetwork.eyes(),
        schedule,
        losses,
        refiner,
        discriminator,
        List.of(),
        0,
        TrainingPlan.Feed.DEFAULT,
        GuardPlan.DEFAULT,
        EvaluationPlan.DEFAULT,
        previewInterval,
        500,
        1);
  }

  private static Losses means(double lambda) {
    return new Losses(Reduction.MEAN, lambda, Reduction.MEAN);
  }

  private static Optimizer adam(double learningRate) {
    return new Optimizer.Adam(learningRate, 0.5, 0.999, 1e-8);
  }
}
