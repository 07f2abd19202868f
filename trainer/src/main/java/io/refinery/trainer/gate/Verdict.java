package io.refinery.trainer.gate;

/** A gate's decision about a version. */
public sealed interface Verdict {

  /** One sentence with the figures. */
  String reason();

  /** The channel may move to it. */
  record Passed(String reason) implements Verdict {}

  /** The channel stays where it is. */
  record Held(String reason) implements Verdict {}
}
