package io.refinery.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What computes on NVIDIA GPUs in ONNX Runtime: its provider for CUDA, and TensorRT's before it
 * where its libraries are there and compute in the precision that is asked for.
 */
final class CudaProviders {

  /** System property: {@code auto} (the default), {@code true} or {@code false}. */
  static final String TENSORRT_PROPERTY = "refinery.onnx.tensorrt";

  /** System property, {@code true} or {@code false}: whether the channels come last in memory. */
  static final String NHWC_PROPERTY = "refinery.onnx.nhwc";

  /** The CUDA that ONNX Runtime's build for GPUs was made with. */
  static final String CUDA_VERSION = "12";

  private static final Logger log = LoggerFactory.getLogger(CudaProviders.class);

  private static final String ON = "1";
  private static final String OFF = "0";

  private CudaProviders() {}

  /** Whether this build brings ONNX Runtime for GPUs; loads nothing. */
  static boolean areBuilt() {
    String folder = "ai/onnxruntime/native/";
    ClassLoader loader = CudaProviders.class.getClassLoader();
    return loader.getResource(folder + "linux-x64/libonnxruntime_providers_cuda.so") != null
        || loader.getResource(folder + "win-x64/onnxruntime_providers_cuda.dll") != null;
  }

  /**
   * Lets a session compute on {@code device} alone.
   *
   * @param cache folder where TensorRT keeps what it built for a version
   */
  static void add(SessionOptions options, Device.Cuda device, Precision precision, Path cache)
      throws OrtException {
    addTensorRt(options, device, precision, cache);
    addCuda(options, device, precision);
    // A node without a kernel for GPUs fails the session rather than run on the processor.
    options.addConfigEntry("session.disable_cpu_ep_fallback", ON);
  }

  static void addCuda(SessionOptions options, Device.Cuda device, Precision precision)
      throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.number())) {
      cuda.add("cudnn_conv_algo_search", "EXHAUSTIVE");
      cuda.add("use_tf32", precision == Precision.TF32 ? ON : OFF);
      cuda.add("prefer_nhwc", prefersNhwc(precision) ? ON : OFF);
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(
      SessionOptions options, Device.Cuda device, Precision precision, Path cache)
      throws OrtException {
    Choice choice = Choice.configured(TENSORRT_PROPERTY);
    // It has no option against TF32, so that its floats are not those of full precision.
    if (choice == Choice.FALSE || (choice == Choice.AUTO && precision == Precision.FULL)) {
      return;
    }
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(device.number())) {
      tensorRt.add("trt_fp16_enable", precision == Precision.HALF ? ON : OFF);
      tensorRt.add("trt_engine_cache_enable", ON);
      tensorRt.add("trt_engine_cache_path", cache.toString());
      tensorRt.add("trt_timing_cache_enable", ON);
      tensorRt.add("trt_timing_cache_path", cache.toString());
      options.addTensorrt(tensorRt);
      log.info("TensorRT computes on {}; it builds its engine with the first batch", device);
    } catch (OrtException e) {
      if (choice == Choice.TRUE) {
        throw e;
      }
      log.info("CUDA's provider computes on {}, without TensorRT: {}", device, e.getMessage());
    }
  }

  /** Tensor cores, which full precision does not use, take their channels last. */
  private static boolean prefersNhwc(Precision precision) {
    return switch (Choice.configured(NHWC_PROPERTY)) {
      case TRUE -> true;
      case FALSE -> false;
      case AUTO -> precision != Precision.FULL;
    };
  }

  /** A setting that may be left to the engine. */
  private enum Choice {
    AUTO,
    TRUE,
    FALSE;

    private static Choice configured(String property) {
      String text = System.getProperty(property, "auto").strip();
      return switch (text) {
        case "auto" -> AUTO;
        case "true" -> TRUE;
        case "false" -> FALSE;
        default ->
            throw new IllegalArgumentException(
                property + " is auto, true or false, not '" + text + "'");
      };
    }
  }
}
