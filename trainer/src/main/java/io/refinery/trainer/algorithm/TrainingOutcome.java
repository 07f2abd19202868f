package io.refinery.trainer.algorithm;

/** How the steps of a training ended. */
public sealed interface TrainingOutcome {

  /** Every step was done. */
  record Completed() implements TrainingOutcome {}

  /**
   * Someone asked for the end.
   *
   * @param completed steps of all phases that were done
   */
  record Cancelled(long completed) implements TrainingOutcome {}

  /**
   * A loss became NaN or infinite.
   *
   * @param cause which step and which losses, as one sentence
   */
  record Diverged(String cause) implements TrainingOutcome {}
}
