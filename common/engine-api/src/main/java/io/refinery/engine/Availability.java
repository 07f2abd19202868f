package io.refinery.engine;

/** Whether an engine can use a device, and why. */
public sealed interface Availability {

  /**
   * The engine can use the device.
   *
   * @param description runtime and version, for the log and for results
   */
  record Available(String description) implements Availability {}

  /**
   * The engine cannot use the device.
   *
   * @param missing what is missing (driver, compute capability, library), as one sentence
   */
  record Unavailable(String missing) implements Availability {}
}
