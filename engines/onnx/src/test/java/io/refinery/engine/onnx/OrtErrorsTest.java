package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses messages from issues reported to ONNX Runtime. */
class OrtErrorsTest {

  private static final String NODE = "Non-zero status code returned while running Conv node. ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Name:'Conv_62' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376"
            + " void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*,"
            + " bool, onnxruntime::WaitNotificationFn) Failed to allocate memory for requested buffer"
            + " of size 104865792",
        "Available memory of 1048576 is smaller than requested bytes of 104865792",
        "CUDA failure 2: out of memory ; GPU=0 ; hostname=worker ;"
            + " file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_allocator.cc ; line=48 ;"
            + " expr=cudaMalloc((void**)&p, size);",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=worker ;"
            + " expr=cublasCreate(&cublas_handle_);",
        "Name:'conv_in' Status Message: bad allocation"
      })
  void outOfMemoryIsRecognised(String message) {
    assertThat(error(OrtErrorCode.ORT_RUNTIME_EXCEPTION, NODE + message))
        .isInstanceOf(DeviceMemoryException.class)
        .hasMessageStartingWith("It could not refine: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=worker ;"
            + " file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc ;"
            + " line=448 ; expr=cudaStreamSynchronize(static_cast<cudaStream_t>(stream_));",
        "CUDA failure 719: unspecified launch failure ; GPU=1 ; hostname=worker ;"
            + " expr=cudaEventDestroy(read_event_);",
        "CUDA failure 214: uncorrectable ECC error encountered ; GPU=0 ; hostname=worker ;",
        "CUDA failure 710: device-side assert triggered ; GPU=0 ; hostname=worker ;",
        "CUDA failure 999: unknown error ; GPU=0 ; hostname=worker ; expr=cudaSetDevice(0);"
      })
  void aLostDeviceIsRecognised(String message) {
    assertThat(error(OrtErrorCode.ORT_EP_FAIL, message)).isInstanceOf(DeviceFailedException.class);
  }

  @Test
  void aDeviceResetMeansALostDeviceWhateverTheMessage() {
    assertThat(error(OrtErrorCode.ORT_DEVICE_RESET, "reset"))
        .isInstanceOf(DeviceFailedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDNN failure 3000: CUDNN_STATUS_NOT_SUPPORTED ; GPU=0 ; hostname=worker ;",
        "Load model from refiner.onnx failed:Protobuf parsing failed."
      })
  void otherErrorsSayNothingAboutTheDevice(String message) {
    assertThat(error(OrtErrorCode.ORT_FAIL, message)).isExactlyInstanceOf(EngineException.class);
  }

  private static EngineException error(OrtErrorCode code, String message) {
    return OrtErrors.of("It could not refine", new OrtException(code, message));
  }
}
