package io.refinery.trainer.plan;

/**
 * What is monitored during training and checked before publication, and what a finding leads to.
 *
 * @param window steps of Algorithm 1 over which D must win or lose to be reported; refined images
 *     are checked at the same interval, and always before publication. At least 1. Default 200
 * @param notFinite a loss or a weight that is NaN or infinite. Default {@link Action#FATAL}
 * @param discriminatorWins D classifies nearly every patch correctly, so that R learns nothing.
 *     Default {@link Action#WARN}
 * @param discriminatorLoses D does worse than chance. Default {@link Action#WARN}
 * @param collapse refined images resemble each other far more than their inputs do. Default {@link
 *     Action#FATAL}
 * @param saturation far more pixels are black or white in refined images than in synthetic and real
 *     ones. During training a finding only warns, because later steps may repair it. Default {@link
 *     Action#FATAL}
 * @param unchanged refined images hardly differ from their inputs. During training a finding only
 *     warns, because later steps may change more. Default {@link Action#FATAL}
 */
public record GuardPlan(
    int window,
    Action notFinite,
    Action discriminatorWins,
    Action discriminatorLoses,
    Action collapse,
    Action saturation,
    Action unchanged) {

  public static final GuardPlan DEFAULT =
      new GuardPlan(
          200, Action.FATAL, Action.WARN, Action.WARN, Action.FATAL, Action.FATAL, Action.FATAL);

  /** What a finding leads to. */
  public enum Action {
    /** The check is off. */
    OFF,
    /** The finding goes to the log, to an event and to the report. */
    WARN,
    /** The training ends, and nothing is published. */
    FATAL
  }

  // Manifests of older versions lack the guard that was added later.
  public GuardPlan {
    saturation = saturation == null ? Action.FATAL : saturation;
    if (window < 1) {
      throw new IllegalArgumentException("guards.window must be at least 1 step, not " + window);
    }
  }
}
