package io.refinery.engine;

import io.refinery.registry.LocalModel;

/** An engine that runs refiners; found by {@link java.util.ServiceLoader}. */
public interface RefiningEngine extends Engine {

  /**
   * Builds the refiner of a verified version.
   *
   * @param precision one of {@link #precisions}
   * @throws IllegalArgumentException where it is none of them
   * @throws EngineException when the version's files do not make a refiner, or the device fails
   */
  Refiner refiner(LocalModel model, Device device, Precision precision);
}
