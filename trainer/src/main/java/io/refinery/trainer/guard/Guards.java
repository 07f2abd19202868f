package io.refinery.trainer.guard;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.Losses;
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

/** Monitors the losses of every step, and says when refined images are to be looked at. */
public final class Guards {

  /** Mean cross-entropy per patch below which D wins; 0.05 is a probability of 0.95. */
  static final double WON = 0.05;

  /** Mean cross-entropy per patch above which D loses; chance is 0.69. */
  static final double LOST = 1.0;

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

  /** Whether {@link ImageGuards#during} is due after a step: once per window. */
  public boolean isLookDue(Step step) {
    return step instanceof AdversarialStep && step.number() % plan.window() == 0;
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

  static Optional<Finding> finding(Guard guard, Action action, String sentence) {
    return action == Action.OFF
        ? Optional.empty()
        : Optional.of(new Finding(guard, action == Action.FATAL, sentence));
  }
}
