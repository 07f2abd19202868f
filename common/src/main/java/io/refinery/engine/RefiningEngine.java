package io.refinery.engine;

import io.refinery.registry.LocalModel;

/** A deep-learning runtime that runs refiners; found by {@link java.util.ServiceLoader}. */
public interface RefiningEngine {

  /** What it is called in configuration and results, such as {@code onnx}. */
  String name();

  /** Whether it can run on {@code device} in this process. */
  Availability availability(Device device);

  /**
   * Builds the refiner of a verified version.
   *
   * @throws EngineException when the version's files do not make a refiner, or the device fails
   */
  Refiner refiner(LocalModel model, Device device);
}
