package io.refinery.trainer.algorithm;

/** How the steps of a training ended. */
public sealed interface TrainingOutcome {

  /** Every step was done. */
  record Completed() implements TrainingOutcome {}

  /** Somebody wished it to stop; it can go on from here. */
  record Paused() implements TrainingOutcome {}

  /** Somebody wished it to end. */
  record Cancelled() implements TrainingOutcome {}

  /**
   * What a step left behind is a reason not to take another.
   *
   * @param cause as one sentence or more
   */
  record Stopped(String cause) implements TrainingOutcome {}
}
