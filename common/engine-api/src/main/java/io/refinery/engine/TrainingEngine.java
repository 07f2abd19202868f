package io.refinery.engine;

/** An engine that trains networks; found by {@link java.util.ServiceLoader}. */
public interface TrainingEngine extends Engine {

  /**
   * Builds both networks with the weights that {@code InitialWeights} draws.
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
