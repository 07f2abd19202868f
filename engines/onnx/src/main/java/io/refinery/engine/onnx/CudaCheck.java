package io.refinery.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
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

/** Whether GPUs can refine in this process: each is given the smallest network, once. */
final class CudaCheck {

  private static final RefinerNetwork SMALLEST = new RefinerNetwork(1, 3, 1, 0);
  private static final ImageShape SHAPE = new ImageShape(1, 8, 8);

  private static final SessionRefiner.Description DESCRIPTION =
      new SessionRefiner.Description(
          "a network to try", SMALLEST.channels(), new MicroBatchSize(1), true);

  /** Source file, function and code, before what went wrong. */
  private static final Pattern WHERE_IT_CAME_UP =
      Pattern.compile("^.*\\[ONNXRuntimeError] : \\d+ : \\w+ : ", Pattern.DOTALL);

  /** Why a device cannot be used; empty where it can. */
  private static final Map<Device.Cuda, Optional<String>> CHECKED = new ConcurrentHashMap<>();

  private CudaCheck() {}

  /** What {@code device} lacks, as a sentence; loads CUDA's libraries. */
  static Optional<String> missing(Device.Cuda device) {
    if (!CudaProviders.areBuilt()) {
      return Optional.of(
          "This build of the onnx engine is for the CPU alone: build it with the profile onnx-cuda"
              + " to use "
              + device
              + ".");
    }
    return CHECKED.computeIfAbsent(device, CudaCheck::check);
  }

  private static Optional<String> check(Device.Cuda device) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      CudaProviders.addCuda(options, device, Precision.FULL);
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

  /** What ONNX Runtime says, with what to do about it. */
  static String sentence(Device.Cuda device, String message) {
    String reason = WHERE_IT_CAME_UP.matcher(message).replaceFirst("").strip();
    return "%s %s: %s".formatted(advice(message), device, reason);
  }

  private static String advice(String message) {
    if (message.contains("libcuda.so.1") || message.contains("driver")) {
      return "The driver of NVIDIA is missing or too old for CUDA 12 on";
    }
    if (message.contains("cannot open shared object file") || message.contains("LoadLibrary")) {
      return "A library of CUDA 12 or cuDNN 9 is missing (is it on LD_LIBRARY_PATH?) for";
    }
    if (message.contains("Invalid device ID") || message.contains("invalid device ordinal")) {
      return "This machine has no";
    }
    return "ONNX Runtime cannot use";
  }
}
