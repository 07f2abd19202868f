package io.refinery.engine.torch;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Refines with libtorch from a version's {@link Manifest#REFINER_WEIGHTS}. */
public final class TorchRefiningEngine implements RefiningEngine {

  private static final int SPEED = 250;

  private final TorchOptions options;

  /** An engine with default options. */
  public TorchRefiningEngine() {
    this(TorchOptions.DEFAULTS);
  }

  private TorchRefiningEngine(TorchOptions options) {
    this.options = options;
  }

  @Override
  public TorchRefiningEngine withOptions(EngineOptions set) {
    return new TorchRefiningEngine(TorchOptions.of(set));
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
  public Set<Precision> precisions(Device device) {
    return device instanceof Device.Cuda gpu
        ? GpuPrecisions.of(gpu)
        : CpuPrecisions.OF_THIS_PROCESSOR;
  }

  @Override
  public Availability availability(Device device) {
    return TorchRuntime.availability(device);
  }

  @Override
  public RefinerFile file(Precision precision) {
    return RefinerFile.WEIGHTS;
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    TorchRuntime.require(device);
    Precision.requireOneOf(this, device, precision);
    RefinerNetwork network = model.network();
    Weights weights = weights(model);
    if (device instanceof Device.Cuda cuda) {
      return new CudaRefiner(network, weights, cuda, precision, options);
    }
    return new CpuRefiner(network, weights, precision, options);
  }

  private static Weights weights(RefinerFiles model) {
    try {
      return Safetensors.read(model.path(RefinerFile.WEIGHTS))
          .requireShapes(model.network().parameters());
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(
          "%s of %s does not make a refiner: %s"
              .formatted(RefinerFile.WEIGHTS.fileName(), model.version(), e.getMessage()),
          e);
    }
  }
}
