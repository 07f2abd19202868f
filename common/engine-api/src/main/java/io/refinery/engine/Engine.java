package io.refinery.engine;

import java.util.Map;
import java.util.Set;

/**
 * A deep-learning runtime. Nothing here but {@link #availability} and {@link #precisions} loads
 * native code.
 */
public interface Engine {

  /** What it is called in configuration, results and manifests, such as {@code onnx}. */
  String name();

  /**
   * A rank among engines that do the same on one device, higher is faster: the figures behind it
   * stand in {@code docs/performance.md}.
   */
  int speed(Device device);

  /**
   * The native libraries that it loads and other engines may load in another version, by name:
   * {@code javacpp -> 1.5.13}. Engines that disagree on one are not used in one process.
   */
  Map<String, String> natives();

  /**
   * What it can compute in on {@code device}, {@link Precision#FULL} always among them. Of a device
   * that is not available it says what such devices can.
   */
  default Set<Precision> precisions(Device device) {
    return Set.of(Precision.FULL);
  }

  /**
   * This engine with its options; loads nothing.
   *
   * @return an engine of the same kind; this one where it has no options
   * @throws IllegalArgumentException naming an option of this engine that it does not have, or
   *     whose value is not valid
   */
  default Engine withOptions(EngineOptions options) {
    return this;
  }

  /** Whether it can work on {@code device} in this process; loads its native libraries. */
  Availability availability(Device device);
}
