package io.refinery.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import java.util.List;

/**
 * What an error of ONNX Runtime means for its device. ONNX Runtime has no codes for it: CUDA's own
 * texts (those of {@code cudaGetErrorString}) stand in its messages.
 */
final class OrtErrors {

  /** Of ONNX Runtime's arenas, of CUDA, and of its libraries. */
  private static final List<String> MEMORY =
      List.of(
          "Failed to allocate memory for requested buffer",
          "is smaller than requested bytes of",
          "out of memory",
          "bad allocation",
          "std::bad_alloc",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED");

  /** After these every further call of the process fails, as CUDA's documentation says. */
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
   * @param failed what could not be done, as the beginning of a sentence
   */
  static EngineException of(String failed, OrtException e) {
    String message = failed + ": " + e.getMessage();
    if (e.getCode() == OrtErrorCode.ORT_DEVICE_RESET || hasOne(FAILED, message)) {
      return new DeviceFailedException(message, e);
    }
    return hasOne(MEMORY, message)
        ? new DeviceMemoryException(message, e)
        : new EngineException(message, e);
  }

  private static boolean hasOne(List<String> texts, String message) {
    return texts.stream().anyMatch(message::contains);
  }
}
