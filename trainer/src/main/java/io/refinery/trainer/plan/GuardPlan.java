package io.refinery.trainer.plan;

/**
 * What is watched while a training runs, and what follows.
 *
 * @param window steps of Algorithm 1 over which a discriminator has to win or lose; the refined
 *     images are looked at as often. At least 1. Default 200
 * @param notFinite a loss or a weight that is NaN or infinite. Default {@link Action#FATAL}
 * @param discriminatorWins D tells nearly every patch right, so that R learns nothing. Default
 *     {@link Action#WARN}
 * @param discriminatorLoses D tells fewer patches right than chance would. Default {@link
 *     Action#WARN}
 * @param collapse refined images resemble each other far more than their inputs do. Default {@link
 *     Action#FATAL}
 * @param unchanged refined images hardly differ from their inputs. Default {@link Action#WARN}
 */
public record GuardPlan(
    int window,
    Action notFinite,
    Action discriminatorWins,
    Action discriminatorLoses,
    Action collapse,
    Action unchanged) {

  public static final GuardPlan DEFAULT =
      new GuardPlan(200, Action.FATAL, Action.WARN, Action.WARN, Action.FATAL, Action.WARN);

  /** What follows from a finding. */
  public enum Action {
    /** It is not looked for. */
    OFF,
    /** It is said, in the log, in an event and in the report. */
    WARN,
    /** The training ends with it, and nothing is published. */
    FATAL
  }

  public GuardPlan {
    if (window < 1) {
      throw new IllegalArgumentException("guards.window is at least 1 step, not " + window);
    }
  }
}
