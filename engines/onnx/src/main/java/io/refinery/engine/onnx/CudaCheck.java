package io.refinery.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Checks whether a GPU can refine in this process by running the smallest network on it, once per
 * GPU.
 */
final class CudaCheck {

  private static final RefinerNetwork SMALLEST = new RefinerNetwork(1, 3, 1, 0);
  private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

  private static final SessionRefiner.Description DESCRIPTION =
      new SessionRefiner.Description(
          "a test network", SMALLEST.channels(), new MicroBatchSize(1), true);

  /** Source file, function and error code, which precede ONNX Runtime's actual message. */
  private static final Pattern ERROR_PREFIX =
      Pattern.compile("^.*\\[ONNXRuntimeError] : \\d+ : \\w+ : ", Pattern.DOTALL);

  /** Why a device cannot be used; empty if it can. */
  private static final Map<Device.Cuda, Optional<String>> CHECKED = new ConcurrentHashMap<>();

  private CudaCheck() {}

  /**
   * Returns why {@code device} cannot be used, as a sentence; empty if it can. Loads CUDA's
   * libraries.
   */
  static Optional<String> missing(Device.Cuda device) {
    if (!CudaProviders.areBuilt()) {
      return Optional.of(
          "This build of the onnx engine supports only the CPU. Build it with the profile onnx-cuda"
              + " to use "
              + device
              + ".");
    }
    return CHECKED.computeIfAbsent(device, CudaCheck::check);
  }

  private static Optional<String> check(Device.Cuda device) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      CudaProviders.addCuda(
          options, device, Precision.FULL, OnnxOptions.of(EngineOptions.DEFAULTS));
      options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
      OrtSession session = environment.createSession(model(), options);
      try (SessionRefiner refiner = SessionRefiner.of(environment, session, DESCRIPTION)) {
        refiner.refine(new ImageBatch(1, SHAPE, new float[SHAPE.values()]));
      }
      return Optional.empty();
    } catch (OrtException | EngineException e) {
      return Optional.of(sentence(device, e.getMessage()));
    }
  }

  private static byte[] model() {
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    SMALLEST
        .parameters()
        .forEach(
            (name, shape) ->
                zeros.put(
                    name,
                    new Tensor(shape, new float[shape.stream().reduce(1, Math::multiplyExact)])));
    return OnnxRefiner.bytes(SMALLEST, new Weights(zeros));
  }

  /** Returns ONNX Runtime's message, preceded by the likely cause. */
  static String sentence(Device.Cuda device, String message) {
    String reason = ERROR_PREFIX.matcher(message).replaceFirst("").strip();
    return "%s %s: %s".formatted(cause(message), device, reason);
  }

  /** ONNX Runtime has no codes for these: only its text tells them apart. */
  private static String cause(String message) {
    if (message.contains("libcuda.so.1") || message.contains("driver")) {
      return "The NVIDIA driver is missing or too old for CUDA 12 on";
    }
    if (message.contains("cannot open shared object file") || message.contains("LoadLibrary")) {
      return "A CUDA 12 or cuDNN 9 library is missing (is it on LD_LIBRARY_PATH?) for";
    }
    if (message.contains("Invalid device ID") || message.contains("invalid device ordinal")) {
      return "This machine has no";
    }
    return "ONNX Runtime cannot use";
  }
}
