package io.refinery.engine;

/** Whether an engine can use a device, and why. */
public sealed interface Availability {

  /**
   * @param description runtime and version, for the log and for results
   */
  record Available(String description) implements Availability {}

  /**
   * @param missing what is missing (driver, compute capability, library), as one sentence
   */
  record Unavailable(String missing) implements Availability {}
}
