package io.refinery.engine;

/** Whether an engine can use a device, and why. */
public sealed interface Availability {

  /**
   * @param speed a rank among engines on one device, higher is faster: the figures behind it stand
   *     in the engines' RATIONALE.md
   * @param description runtime and version, for the log
   */
  record Available(int speed, String description) implements Availability {}

  /**
   * @param missing what is missing (driver, compute capability, library), as one sentence
   */
  record Unavailable(String missing) implements Availability {}
}
