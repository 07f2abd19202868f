package io.refinery.engine.torch;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import java.util.Map;

/** Trains with libtorch, on a CPU or, in a build for CUDA, on NVIDIA GPUs. */
public final class TorchTrainingEngine implements TrainingEngine {

  private static final int SPEED = 150;

  private final TorchOptions options;

  /** An engine with default options. */
  public TorchTrainingEngine() {
    this(TorchOptions.DEFAULTS);
  }

  private TorchTrainingEngine(TorchOptions options) {
    this.options = options;
  }

  @Override
  public TorchTrainingEngine withOptions(EngineOptions set) {
    return new TorchTrainingEngine(TorchOptions.of(set));
  }

  @Override
  public String name() {
    return TorchRuntime.NAME;
  }

  @Override
  public int speed(Device device) {
    return SPEED;
  }

  @Override
  public Map<String, String> natives() {
    return TorchRuntime.natives();
  }

  @Override
  public Availability availability(Device device) {
    return TorchRuntime.availability(device);
  }

  /** Its state is kept outside the heap. */
  @Override
  public AdversarialPair pair(PairSpec spec, Device device) {
    use(device);
    return TorchErrors.during("begin a training", () -> new TorchPair(spec, device));
  }

  /** Its state is kept outside the heap. */
  @Override
  public Estimator estimator(EstimatorSpec spec, Device device) {
    use(device);
    return TorchErrors.during("make an estimator", () -> new TorchEstimator(spec, device));
  }

  private void use(Device device) {
    TorchRuntime.require(device);
    GpuArithmetic.use(device, options);
  }
}
