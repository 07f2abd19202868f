package io.refinery.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.refinery.engine.Availability;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refines with ONNX Runtime from a version's ONNX files: {@code refiner.onnx}, or {@code
 * refiner-half.onnx} for half precision, which not every version has.
 */
public final class OnnxRefiningEngine implements RefiningEngine {

  private static final int SPEED = 200;

  static final String NAME = "onnx";

  /** Not measured yet. */
  private static final MicroBatchSize GPU_MICRO_BATCH = new MicroBatchSize(256);

  /** Empty to go by what the process measures. */
  private final Optional<OnnxCpuPlan> fixed;

  private final OnnxOptions options;

  /** An engine whose threads and parts are measured with the first refiner of the process. */
  public OnnxRefiningEngine() {
    this(Optional.empty(), OnnxOptions.of(EngineOptions.DEFAULTS));
  }

  OnnxRefiningEngine(OnnxCpuPlan plan) {
    this(Optional.of(plan), OnnxOptions.of(EngineOptions.DEFAULTS));
  }

  private OnnxRefiningEngine(Optional<OnnxCpuPlan> fixed, OnnxOptions options) {
    this.fixed = fixed;
    this.options = options;
  }

  @Override
  public OnnxRefiningEngine withOptions(EngineOptions set) {
    return new OnnxRefiningEngine(fixed, OnnxOptions.of(set));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int speed(Device device) {
    return SPEED;
  }

  @Override
  public Map<String, String> natives() {
    return CudaProviders.areBuilt() ? Map.of("cuda", CudaProviders.CUDA_VERSION) : Map.of();
  }

  /** A processor would compute half precision in floats: no faster, and not the same. */
  @Override
  public Set<Precision> precisions(Device device) {
    return device instanceof Device.Cuda
        ? Set.of(Precision.FULL, Precision.TF32, Precision.HALF)
        : Set.of(Precision.FULL);
  }

  @Override
  public Availability availability(Device device) {
    try {
      String version = "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
      if (device instanceof Device.Cuda cuda) {
        return CudaCheck.missing(cuda)
            .<Availability>map(Unavailable::new)
            .orElseGet(() -> new Available(version + " for CUDA " + CudaProviders.CUDA_VERSION));
      }
      return new Available(version);
    } catch (LinkageError | IllegalStateException e) {
      return new Unavailable(
          "ONNX Runtime's native library does not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + e);
    }
  }

  @Override
  public RefinerFile file(Precision precision) {
    return precision == Precision.HALF ? RefinerFile.HALF_ONNX : RefinerFile.ONNX;
  }

  /**
   * @throws EngineException also where the version has no file for {@code precision}
   */
  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    Precision.requireOneOf(this, device, precision);
    if (availability(device) instanceof Unavailable unavailable) {
      throw new EngineException(unavailable.missing());
    }
    Path file = path(model, file(precision), precision);
    int channels = model.network().channels();
    if (device instanceof Device.Cuda cuda) {
      return onGpu(file, channels, cuda, precision);
    }
    OnnxCpuPlan plan =
        fixed.orElseGet(
            () -> OnnxCpuPlan.ofProcess(options, channels, any -> onCpu(file, channels, any)));
    return onCpu(file, channels, plan);
  }

  private static Path path(RefinerFiles model, RefinerFile file, Precision precision) {
    try {
      return model.path(file);
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          "The engine onnx needs the version's %s for %s precision: %s; another %s may refine with it"
              .formatted(
                  file.fileName(),
                  precision,
                  e.getMessage(),
                  file == RefinerFile.HALF_ONNX ? "precision" : "engine"),
          e);
    }
  }

  private static Refiner onCpu(Path file, int channels, OnnxCpuPlan plan) {
    return refiner(
        new SessionRefiner.Description(file.toString(), channels, plan.part(), false),
        options -> {
          options.setIntraOpNumThreads(plan.threads().count());
          boolean spinning = plan.threads().spinning();
          options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
          // Between batches its cores are others'.
          options.addConfigEntry("session.force_spinning_stop", "1");
        });
  }

  private Refiner onGpu(Path file, int channels, Device.Cuda device, Precision precision) {
    MicroBatchSize part = options.microBatch().orElse(GPU_MICRO_BATCH);
    return refiner(
        new SessionRefiner.Description(file.toString(), channels, part, true),
        session -> {
          session.setIntraOpNumThreads(1);
          CudaProviders.add(session, device, precision, options, file.resolveSibling("tensorrt"));
        });
  }

  private interface Setting {
    void apply(SessionOptions options) throws OrtException;
  }

  private static Refiner refiner(SessionRefiner.Description description, Setting setting) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      environment.setTelemetry(false);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setInterOpNumThreads(1);
      setting.apply(options);
      OrtSession session = environment.createSession(description.name(), options);
      return SessionRefiner.of(environment, session, description);
    } catch (OrtException e) {
      throw OrtErrors.of(
          description.name() + " is no ONNX file of a refiner that ONNX Runtime takes", e);
    }
  }
}
