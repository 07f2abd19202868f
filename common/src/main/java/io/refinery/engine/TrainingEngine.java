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

  /**
   * Builds a network with freshly drawn weights that is trained on labelled images.
   *
   * @throws IllegalArgumentException naming a layer that does not fit what comes before it
   * @throws EngineException when the device fails
   */
  Estimator estimator(EstimatorSpec spec, Device device);
}
