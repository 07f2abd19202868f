package io.refinery.trainer.guard;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Losses;
import io.refinery.image.ImageBatch;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.GuardPlan;
import io.refinery.trainer.plan.GuardPlan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Monitors the losses of every step and, periodically, a few refined images. */
public final class Guards {

  /** Mean cross-entropy per patch below which D wins; 0.05 is a probability of 0.95. */
  static final double WON = 0.05;

  /** Mean cross-entropy per patch above which D loses; chance is 0.69. */
  static final double LOST = 1.0;

  /** Share of the inputs' spread across images that refined images must keep. */
  static final double LEAST_SPREAD = 0.1;

  /** Mean change of a pixel, in levels of 255, below which images count as unchanged. */
  static final double LEAST_CHANGE = 0.5;

  private static final double LEVELS = 127.5;

  private final GuardPlan plan;
  private final double patchesPerHalf;
  private final double smoothedEntropy;
  private double realSum;
  private double refinedSum;
  private int steps;
  private boolean finite = true;

  /**
   * @param patches that D classifies per image
   */
  public Guards(GuardPlan plan, Losses losses, int batch, int patches) {
    this.plan = plan;
    patchesPerHalf = losses.adversarial() == Losses.Reduction.SUM ? (double) batch * patches : 1;
    smoothedEntropy = entropy(losses.labelSmoothing());
  }

  /** The minimum cross-entropy on real patches if labels are smoothed. */
  private static double entropy(double smoothing) {
    return smoothing == 0
        ? 0
        : -smoothing * Math.log(smoothing) - (1 - smoothing) * Math.log(1 - smoothing);
  }

  /** Checks the losses of a step. */
  public List<Finding> after(Step step) {
    boolean wasFinite = finite;
    finite = step.losses().allMatch(Double::isFinite);
    if (!finite && !wasFinite) {
      return List.of();
    }
    if (!finite) {
      return finding(
              Guard.NOT_FINITE,
              plan.notFinite(),
              "A loss is no longer a finite number: "
                  + step
                  + ". Lower the learning rates, clip gradients, or use MEAN reductions.")
          .stream()
          .toList();
    }
    return step instanceof AdversarialStep both ? check(both) : List.of();
  }

  private List<Finding> check(AdversarialStep step) {
    DiscriminatorLoss loss = step.discriminator();
    realSum += loss.real() / patchesPerHalf - smoothedEntropy;
    refinedSum += loss.refined() / patchesPerHalf;
    steps++;
    if (steps < plan.window()) {
      return List.of();
    }
    double real = realSum / steps;
    double refined = refinedSum / steps;
    realSum = 0;
    refinedSum = 0;
    steps = 0;
    List<Finding> findings = new ArrayList<>();
    String seen =
        String.format(
            Locale.ROOT,
            "over the %d steps before step %d (cross-entropy per patch: %.3f on real, %.3f on"
                + " refined; chance is 0.693).",
            plan.window(),
            step.number(),
            real,
            refined);
    if (real < WON && refined < WON) {
      finding(
              Guard.DISCRIMINATOR_WINS,
              plan.discriminatorWins(),
              "The discriminator won outright "
                  + seen
                  + " The refiner learns little: lower the discriminator's learning rate or"
                  + " losses.lambda, raise schedule.refinerUpdates, or smooth labels.")
          .ifPresent(findings::add);
    }
    if ((real + refined) / 2 > LOST) {
      finding(
              Guard.DISCRIMINATOR_LOSES,
              plan.discriminatorLoses(),
              "The discriminator lost outright "
                  + seen
                  + " It gives no useful signal about realism: lower the refiner's learning rate,"
                  + " or raise schedule.discriminatorUpdates or its pre-training.")
          .ifPresent(findings::add);
    }
    return findings;
  }

  /** Whether {@link #look} is due after a step: once per window. */
  public boolean isLookDue(Step step) {
    return step instanceof AdversarialStep && step.number() % plan.window() == 0;
  }

  /**
   * Checks a few refined images.
   *
   * @param step of Algorithm 1 after which they were refined
   * @param synthetic at least two images
   * @param refined the same, refined
   */
  public List<Finding> look(int step, ImageBatch synthetic, ImageBatch refined) {
    List<Finding> findings = new ArrayList<>();
    double before = spread(synthetic);
    double after = spread(refined);
    if (after < LEAST_SPREAD * before) {
      finding(
              Guard.COLLAPSE,
              plan.collapse(),
              String.format(
                  Locale.ROOT,
                  "Refined images collapsed by step %d: across %d images a pixel varies by %.1f"
                      + " levels, %.1f before refinement. Raise losses.lambda, or lower"
                      + " schedule.refinerUpdates or the refiner's learning rate.",
                  step,
                  synthetic.count(),
                  LEVELS * after,
                  LEVELS * before))
          .ifPresent(findings::add);
    }
    double change = LEVELS * change(synthetic, refined);
    if (change < LEAST_CHANGE) {
      finding(
              Guard.UNCHANGED,
              plan.unchanged(),
              String.format(
                  Locale.ROOT,
                  "Refined images do not differ from their input at step %d: %.2f levels of 255"
                      + " per pixel. Lower losses.lambda, or raise the learning rates or steps.",
                  step,
                  change))
          .ifPresent(findings::add);
    }
    return findings;
  }

  /** Checks the weights of a network; a version with non-finite weights is never published. */
  public static Optional<Finding> inspect(Weights weights) {
    for (Tensor tensor : weights.tensors().values()) {
      for (float value : tensor.values()) {
        if (!Float.isFinite(value)) {
          return Optional.of(
              new Finding(
                  Guard.NOT_FINITE,
                  true,
                  "The last update left weights that are not finite: lower the learning rates."));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> finding(Guard guard, Action action, String sentence) {
    return action == Action.OFF
        ? Optional.empty()
        : Optional.of(new Finding(guard, action == Action.FATAL, sentence));
  }

  /** Standard deviation of a pixel across images, averaged over pixels. */
  private static double spread(ImageBatch images) {
    int values = images.shape().values();
    double sum = 0;
    for (int pixel = 0; pixel < values; pixel++) {
      double mean = 0;
      for (int image = 0; image < images.count(); image++) {
        mean += images.pixels()[image * values + pixel];
      }
      mean /= images.count();
      double squares = 0;
      for (int image = 0; image < images.count(); image++) {
        double off = images.pixels()[image * values + pixel] - mean;
        squares += off * off;
      }
      sum += Math.sqrt(squares / images.count());
    }
    return sum / values;
  }

  private static double change(ImageBatch before, ImageBatch after) {
    double sum = 0;
    for (int i = 0; i < before.pixels().length; i++) {
      sum += Math.abs(after.pixels()[i] - before.pixels()[i]);
    }
    return sum / before.pixels().length;
  }
}
