package io.refinery.engine.dl4j;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import java.util.Map;

/** Trains with Deeplearning4j, on a CPU or, in a build for CUDA, on NVIDIA GPUs. */
public final class Dl4jTrainingEngine implements TrainingEngine {

  /** Has options for refining alone. */
  @Override
  public Dl4jTrainingEngine withOptions(EngineOptions set) {
    Dl4jOptions.of(set);
    return this;
  }

  @Override
  public String name() {
    return Nd4jRuntime.NAME;
  }

  @Override
  public int speed(Device device) {
    return Nd4jRuntime.SPEED;
  }

  @Override
  public Map<String, String> natives() {
    return Nd4jRuntime.natives();
  }

  @Override
  public Availability availability(Device device) {
    return Nd4jRuntime.availability(device);
  }

  /** Its state is kept outside the heap; the same seed gives the same weights on any machine. */
  @Override
  public AdversarialPair pair(PairSpec spec, Device device) {
    Nd4jRuntime.use(device);
    return new Dl4jPair(spec);
  }

  /** Its state is kept outside the heap; the same seed gives the same weights on any machine. */
  @Override
  public Estimator estimator(EstimatorSpec spec, Device device) {
    Nd4jRuntime.use(device);
    return new Dl4jEstimator(spec);
  }
}
