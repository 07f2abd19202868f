package io.refinery.engine.dl4j;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.Safetensors;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Refines with Deeplearning4j from a version's {@link Manifest#REFINER_WEIGHTS}. */
public final class Dl4jRefiningEngine implements RefiningEngine {

  private static final MicroBatchSize GPU_MICRO_BATCH = new MicroBatchSize(256);

  private final Dl4jOptions options;

  /** An engine with default options. */
  public Dl4jRefiningEngine() {
    this(Dl4jOptions.of(EngineOptions.DEFAULTS));
  }

  private Dl4jRefiningEngine(Dl4jOptions options) {
    this.options = options;
  }

  @Override
  public Dl4jRefiningEngine withOptions(EngineOptions set) {
    return new Dl4jRefiningEngine(Dl4jOptions.of(set));
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

  @Override
  public RefinerFile file(Precision precision) {
    return RefinerFile.WEIGHTS;
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    Precision.requireOneOf(this, device, precision);
    Nd4jRuntime.use(device);
    Optional<MicroBatchSize> part = part(device);
    try {
      return new Dl4jRefiner(
          model.network(), Safetensors.read(model.path(RefinerFile.WEIGHTS)), model.shape(), part);
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(
          "%s of %s does not make a refiner: %s"
              .formatted(RefinerFile.WEIGHTS.fileName(), model.version(), e.getMessage()),
          e);
    }
  }

  private Optional<MicroBatchSize> part(Device device) {
    return options
        .microBatch()
        .or(() -> device instanceof Device.Cuda ? Optional.of(GPU_MICRO_BATCH) : Optional.empty());
  }
}
