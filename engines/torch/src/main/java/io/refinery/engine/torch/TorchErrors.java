package io.refinery.engine.torch;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What libtorch's exceptions mean. They come over from C++ as text alone, so they are told apart by
 * the words of CUDA ({@code cudaGetErrorString}), cuDNN, cuBLAS and libtorch's allocators.
 */
final class TorchErrors {

  private static final String NO_ENGINE = "unable to find an engine to execute this computation";

  /** libtorch's words are the same for both. */
  private static final String WITHOUT_AN_ENGINE =
      " (too little memory on the GPU, or a cuDNN that does not go with this libtorch or GPU)";

  private static final List<String> NO_MEMORY =
      List.of(
          "out of memory",
          "can't allocate memory: you tried to allocate",
          "not enough memory: you tried to allocate",
          "status_alloc_failed",
          "device_allocation_failed",
          "host_allocation_failed",
          // While it tries cuDNN's algorithms, libtorch drops what each of them lacks: memory.
          NO_ENGINE);

  /** After each of these, CUDA fails every later call of the process. */
  private static final List<String> DEVICE_LOST =
      List.of(
          "an illegal memory access was encountered",
          "an illegal instruction was encountered",
          "device-side assert triggered",
          "unspecified launch failure",
          "the launch timed out and was terminated",
          "misaligned address",
          "invalid program counter",
          "operation not supported on global/shared address space",
          "hardware stack error",
          "uncorrectable ecc error encountered",
          "uncorrectable nvlink error",
          "over nvlink or a hardware error",
          "tensor memory not completely freed",
          "context is destroyed",
          "device(s) is/are busy or unavailable",
          "no cuda-capable device is detected",
          "cuda error: unknown error",
          "cuda driver error: unknown error",
          "the mps client has been terminated by the server",
          "an async error has occured in external entity outside of cuda",
          "cudnn_status_execution_failed",
          "cublas_status_execution_failed");

  private TorchErrors() {}

  /**
   * The exception to throw in the place of {@code error}.
   *
   * @param action what libtorch was asked for: "refine 3 images of 55x35 gray"
   */
  static EngineException of(String action, RuntimeException error) {
    if (error instanceof EngineException known) {
      return known;
    }
    String text = String.valueOf(error.getMessage());
    String words = text.toLowerCase(Locale.ROOT);
    String message =
        "libtorch could not %s: %s%s"
            .formatted(action, firstLine(text), words.contains(NO_ENGINE) ? WITHOUT_AN_ENGINE : "");
    if (NO_MEMORY.stream().anyMatch(words::contains)) {
      return new DeviceMemoryException(message, error);
    }
    if (DEVICE_LOST.stream().anyMatch(words::contains)) {
      return new DeviceFailedException(message, error);
    }
    return new EngineException(message, error);
  }

  /**
   * What {@code computation} returns. Where libtorch fails in it, {@link #of} says what is thrown.
   */
  static <T> T during(String action, Supplier<T> computation) {
    try {
      return computation.get();
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw of(action, e);
    }
  }

  /** The rest is a stack of addresses. */
  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
