package io.refinery.trainer.guard;

import io.refinery.image.ImageBatch;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.Guard;
import io.refinery.trainer.plan.GuardPlan;
import io.refinery.trainer.plan.GuardPlan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Checks what a refiner makes of held-out images. */
public final class ImageGuards {

  /** Share of the inputs' spread across images that refined images must keep. */
  static final double LEAST_SPREAD = 0.1;

  /** Share of the pixels that may become black or white, of those that should not be. */
  static final double MOST_SATURATED = 0.25;

  /** Mean change of a pixel, in levels of 255, below which images count as unchanged. */
  static final double LEAST_CHANGE = 0.5;

  private final GuardPlan plan;

  /**
   * The images of a version at one moment.
   *
   * @param synthetic at least two held-out images
   * @param refined the same, refined
   * @param real at least one held-out image
   */
  public record Images(ImageBatch synthetic, ImageBatch refined, ImageBatch real) {}

  /**
   * The check of a version before it is published.
   *
   * @param findings those that are fatal forbid publication
   * @param sentence what was measured
   */
  public record Inspection(List<Finding> findings, String sentence) {}

  public ImageGuards(GuardPlan plan) {
    this.plan = plan;
  }

  /**
   * Checks images during training. Later steps may repair what is saturated or unchanged, so these
   * only warn.
   *
   * @param step of Algorithm 1 after which they were refined
   */
  public List<Finding> during(int step, Images images) {
    return check(
        RefinedFigures.of(images.synthetic(), images.refined(), images.real()),
        "at step " + step,
        new Actions(
            plan.notFinite(),
            plan.collapse(),
            atMostWarn(plan.saturation()),
            atMostWarn(plan.unchanged())));
  }

  /** Checks images before publication. Pixels that are not finite are always fatal. */
  public Inspection beforePublication(Images images) {
    RefinedFigures seen = RefinedFigures.of(images.synthetic(), images.refined(), images.real());
    List<Finding> findings =
        check(
            seen,
            "before publication",
            new Actions(Action.FATAL, plan.collapse(), plan.saturation(), plan.unchanged()));
    return new Inspection(findings, seen.sentence());
  }

  private record Actions(Action notFinite, Action collapse, Action saturation, Action unchanged) {}

  private static Action atMostWarn(Action action) {
    return action == Action.FATAL ? Action.WARN : action;
  }

  private static List<Finding> check(RefinedFigures seen, String when, Actions actions) {
    List<Finding> findings = new ArrayList<>();
    if (!seen.finite()) {
      notFinite(when, actions.notFinite()).ifPresent(findings::add);
      return findings;
    }
    if (seen.spreadAfter() < LEAST_SPREAD * seen.spreadBefore()) {
      collapse(seen, when, actions.collapse()).ifPresent(findings::add);
    }
    if (seen.newlySaturated() > MOST_SATURATED) {
      saturation(seen, when, actions.saturation()).ifPresent(findings::add);
    }
    if (seen.change() < LEAST_CHANGE) {
      unchanged(seen, when, actions.unchanged()).ifPresent(findings::add);
    }
    return findings;
  }

  private static Optional<Finding> notFinite(String when, Action action) {
    return Guards.finding(
        Guard.NOT_FINITE,
        action,
        "Refined images have pixels that are not finite numbers, seen "
            + when
            + ". Lower the learning rates, or clip gradients.");
  }

  private static Optional<Finding> collapse(RefinedFigures seen, String when, Action action) {
    return Guards.finding(
        Guard.COLLAPSE,
        action,
        String.format(
            Locale.ROOT,
            "Refined images collapsed, seen %s: across %d images a pixel varies by %.1f levels,"
                + " %.1f before refinement. Raise losses.lambda, or lower schedule.refinerUpdates"
                + " or the refiner's learning rate.",
            when,
            seen.images(),
            seen.spreadAfter(),
            seen.spreadBefore()));
  }

  private static Optional<Finding> saturation(RefinedFigures seen, String when, Action action) {
    return Guards.finding(
        Guard.SATURATION,
        action,
        String.format(
            Locale.ROOT,
            "Refined images are saturated, seen %s: %.0f %% of the pixels are black or white,"
                + " %.0f %% before refinement and %.0f %% in real images. Lower the refiner's"
                + " learning rate, or raise losses.lambda.",
            when,
            100 * seen.saturatedAfter(),
            100 * seen.saturatedBefore(),
            100 * seen.saturatedReal()));
  }

  private static Optional<Finding> unchanged(RefinedFigures seen, String when, Action action) {
    return Guards.finding(
        Guard.UNCHANGED,
        action,
        String.format(
            Locale.ROOT,
            "Refined images do not differ from their input, seen %s: %.2f levels of 255 per pixel."
                + " Lower losses.lambda, or raise the learning rates or steps.",
            when,
            seen.change()));
  }
}
