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
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import java.nio.file.Path;
import java.util.Map;

/** Refines with ONNX Runtime on the processor's cores, from a version's {@code refiner.onnx}. */
public final class OnnxRefiningEngine implements RefiningEngine {

  private static final int SPEED = 200;

  private final OnnxThreads threads;

  /** An engine with the threads that {@link OnnxThreads#configured()} says. */
  public OnnxRefiningEngine() {
    this(OnnxThreads.configured());
  }

  public OnnxRefiningEngine(OnnxThreads threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public int speed(Device device) {
    return SPEED;
  }

  @Override
  public Map<String, String> natives() {
    return Map.of();
  }

  @Override
  public Availability availability(Device device) {
    if (device instanceof Device.Cuda) {
      return new Unavailable(
          "ONNX Runtime's library for CUDA (onnxruntime_gpu) is missing for "
              + device
              + ": this engine brings the one for processors only");
    }
    try {
      return new Available(
          "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion() + ", " + threads);
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
  public Refiner refiner(LocalModel model, Device device, Precision precision) {
    Precision.requireOneOf(this, device, precision);
    if (availability(device) instanceof Unavailable unavailable) {
      throw new EngineException(unavailable.missing());
    }
    Path file = file(model);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = options()) {
      environment.setTelemetry(false);
      OrtSession session = environment.createSession(file.toString(), options);
      return SessionRefiner.of(environment, session, model.manifest().refiner().channels(), file);
    } catch (OrtException e) {
      throw new EngineException(
          file + " is no ONNX file of a refiner that ONNX Runtime takes: " + e.getMessage(), e);
    }
  }

  private static Path file(LocalModel model) {
    try {
      return model.file(Manifest.REFINER_ONNX);
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          "The engine onnx needs the version's "
              + Manifest.REFINER_ONNX
              + ": "
              + e.getMessage()
              + "; another engine may refine with it",
          e);
    }
  }

  private SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setInterOpNumThreads(1);
      options.setIntraOpNumThreads(threads.count());
      options.addConfigEntry("session.intra_op.allow_spinning", threads.spinning() ? "1" : "0");
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }
}
