package io.refinery.trainer.algorithm;

/** An external request to a training, polled before every step. */
public enum ControlSignal {
  CONTINUE,
  /** Stop so that the training can resume later. */
  PAUSE,
  /** Stop permanently. */
  CANCEL
}
