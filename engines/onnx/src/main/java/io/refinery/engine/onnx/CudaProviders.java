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
  static void add(
      SessionOptions options,
      Device.Cuda device,
      Precision precision,
      OnnxOptions settings,
      Path cache)
      throws OrtException {
    addTensorRt(options, device, precision, settings, cache);
    addCuda(options, device, precision, settings);
    // A node without a kernel for GPUs fails the session rather than run on the processor.
    options.addConfigEntry("session.disable_cpu_ep_fallback", ON);
  }

  static void addCuda(
      SessionOptions options, Device.Cuda device, Precision precision, OnnxOptions settings)
      throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.number())) {
      cuda.add("cudnn_conv_algo_search", "EXHAUSTIVE");
      cuda.add("use_tf32", precision == Precision.TF32 ? ON : OFF);
      cuda.add("prefer_nhwc", channelsLast(precision, settings) ? ON : OFF);
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(
      SessionOptions options,
      Device.Cuda device,
      Precision precision,
      OnnxOptions settings,
      Path cache)
      throws OrtException {
    // It has no option against TF32, so that its floats are not those of full precision.
    if (!settings.tensorRt().orElse(precision != Precision.FULL)) {
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
      if (settings.tensorRt().isPresent()) {
        throw e;
      }
      log.info("CUDA's provider computes on {}, without TensorRT: {}", device, e.getMessage());
    }
  }

  /** Tensor cores, which full precision does not use, take their channels last. */
  private static boolean channelsLast(Precision precision, OnnxOptions options) {
    return options.channelsLast().orElse(precision != Precision.FULL);
  }
}
