package io.refinery.engine;

/** A deep-learning runtime that trains networks; found by {@link java.util.ServiceLoader}. */
public interface TrainingEngine {

  /** What it is called in configuration and manifests, such as {@code dl4j}. */
  String name();

  /** Whether it can train on {@code device} in this process. */
  Availability availability(Device device);

  /**
   * Builds both networks with freshly drawn weights.
   *
   * @throws EngineException when the device fails
   */
  AdversarialPair pair(PairSpec spec, Device device);
}
