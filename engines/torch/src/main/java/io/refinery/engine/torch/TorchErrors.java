package io.refinery.engine.torch;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Classifies libtorch's exceptions. Only their text arrives from C++, so they are recognised by the
 * messages of CUDA ({@code cudaGetErrorString}), cuDNN, cuBLAS and libtorch's allocators.
 */
final class TorchErrors {

  private static final String NO_ENGINE = "unable to find an engine to execute this computation";

  /** libtorch's message is the same for both causes. */
  private static final String WITHOUT_AN_ENGINE =
      " (the GPU is out of memory, or its cuDNN does not match this libtorch or GPU)";

  private static final List<String> NO_MEMORY =
      List.of(
          "out of memory",
          "can't allocate memory: you tried to allocate",
          "not enough memory: you tried to allocate",
          "status_alloc_failed",
          "device_allocation_failed",
          "host_allocation_failed",
          // When libtorch benchmarks cuDNN's algorithms, it swallows their out-of-memory errors.
          NO_ENGINE);

  /** After each of these, every later CUDA call of the process fails. */
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
   * Returns the exception to throw instead of {@code error}.
   *
   * @param action what libtorch was to do: "refine 3 images of 55x35 gray"
   */
  static EngineException of(String action, RuntimeException error) {
    if (error instanceof EngineException known) {
      return known;
    }
    String text = String.valueOf(error.getMessage());
    String lowerCase = text.toLowerCase(Locale.ROOT);
    String message =
        "libtorch could not %s: %s%s"
            .formatted(
                action, firstLine(text), lowerCase.contains(NO_ENGINE) ? WITHOUT_AN_ENGINE : "");
    if (NO_MEMORY.stream().anyMatch(lowerCase::contains)) {
      return new DeviceMemoryException(message, error);
    }
    if (DEVICE_LOST.stream().anyMatch(lowerCase::contains)) {
      return new DeviceFailedException(message, error);
    }
    return new EngineException(message, error);
  }

  /** Returns the result of {@code computation}; converts libtorch's exceptions with {@link #of}. */
  static <T> T during(String action, Supplier<T> computation) {
    try {
      return computation.get();
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw of(action, e);
    }
  }

  /** The other lines are a native stack trace. */
  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
