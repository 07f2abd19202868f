package io.refinery.trainer.algorithm;

/** What somebody outside wants of a training, asked before every step. */
public enum ControlSignal {
  CONTINUE,
  /** To stop so that it can go on later. */
  PAUSE,
  /** To stop for good. */
  CANCEL
}
