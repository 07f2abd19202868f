package io.refinery.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import java.util.List;

/**
 * Classifies ONNX Runtime's errors. It has no error codes for the device's state, but its messages
 * contain CUDA's own texts (those of {@code cudaGetErrorString}).
 */
final class OrtErrors {

  /** Messages of ONNX Runtime's arenas, CUDA and CUDA's libraries. */
  private static final List<String> MEMORY =
      List.of(
          "Failed to allocate memory for requested buffer",
          "is smaller than requested bytes of",
          "out of memory",
          "bad allocation",
          "std::bad_alloc",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED");

  /** After these, every later CUDA call of the process fails, according to CUDA's documentation. */
  private static final List<String> FAILED =
      List.of(
          "an illegal memory access was encountered",
          "an illegal instruction was encountered",
          "misaligned address",
          "invalid program counter",
          "operation not supported on global/shared address space",
          "hardware stack error",
          "device-side assert triggered",
          "the launch timed out and was terminated",
          "unspecified launch failure",
          "uncorrectable ECC error encountered",
          "uncorrectable NVLink error detected",
          "all CUDA-capable devices are busy or unavailable",
          "no CUDA-capable device is detected",
          "CUDA failure 999");

  private OrtErrors() {}

  /**
   * @param failed what failed, as the start of a sentence
   */
  static EngineException of(String failed, OrtException e) {
    String message = failed + ": " + e.getMessage();
    if (e.getCode() == OrtErrorCode.ORT_DEVICE_RESET || containsAny(FAILED, message)) {
      return new DeviceFailedException(message, e);
    }
    return containsAny(MEMORY, message)
        ? new DeviceMemoryException(message, e)
        : new EngineException(message, e);
  }

  private static boolean containsAny(List<String> texts, String message) {
    return texts.stream().anyMatch(message::contains);
  }
}
