package io.refinery.engine;

import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;

/** An engine that runs refiners; found by {@link java.util.ServiceLoader}. */
public interface RefiningEngine extends Engine {

  /** Which of a version's files {@link #refiner} reads; it needs no other. */
  RefinerFile file(Precision precision);

  /**
   * Builds the refiner of a version.
   *
   * @param precision one of {@link #precisions}
   * @throws IllegalArgumentException where it is none of them
   * @throws EngineException when the version's files do not make a refiner, or the device fails
   */
  Refiner refiner(RefinerFiles model, Device device, Precision precision);
}
