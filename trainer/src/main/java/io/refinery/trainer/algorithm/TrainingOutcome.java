package io.refinery.trainer.algorithm;

/** How the steps of a training ended. */
public sealed interface TrainingOutcome {

  /** All steps were done. */
  record Completed() implements TrainingOutcome {}

  /** Paused on request; it can resume from here. */
  record Paused() implements TrainingOutcome {}

  /** Cancelled on request. */
  record Cancelled() implements TrainingOutcome {}

  /**
   * A step gave a reason to stop.
   *
   * @param cause one or more sentences
   */
  record Stopped(String cause) implements TrainingOutcome {}
}
