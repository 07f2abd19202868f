package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Device;
import org.junit.jupiter.api.Test;

/** Uses real messages of ONNX Runtime. */
class CudaCheckTest {

  private static final Device.Cuda SECOND = new Device.Cuda(1);

  @Test
  void aMissingLibraryIsNamedWithWhereToLook() {
    String message =
        "Error code - ORT_FAIL - message: /onnxruntime_src/onnxruntime/core/session/provider_bridge"
            + "_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get()"
            + " [ONNXRuntimeError] : 1 : FAIL : Failed to load library"
            + " /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12:"
            + " cannot open shared object file: No such file or directory";
    assertThat(CudaCheck.sentence(SECOND, message))
        .isEqualTo(
            "A CUDA 12 or cuDNN 9 library is missing (is it on LD_LIBRARY_PATH?) for cuda:1:"
                + " Failed to load library /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so"
                + " with error: libcublasLt.so.12: cannot open shared object file: No such file or"
                + " directory");
  }

  @Test
  void aMissingDriverIsReportedAsSuchAndNotAsAMissingLibrary() {
    assertThat(
            CudaCheck.sentence(
                SECOND, "libcuda.so.1: cannot open shared object file: No such file or directory"))
        .startsWith("The NVIDIA driver is missing or too old for CUDA 12 on cuda:1: ");
    assertThat(
            CudaCheck.sentence(
                SECOND,
                "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ;"
                    + " GPU=0 ; hostname=worker ; expr=cudaGetDeviceCount(&num_devices);"))
        .startsWith("The NVIDIA driver is missing or too old for CUDA 12 on cuda:1: ");
  }

  @Test
  void aGpuThatDoesNotExistIsReported() {
    assertThat(
            CudaCheck.sentence(
                SECOND, "Invalid device ID: 1, must be between 0 (inclusive) and 1 (exclusive)."))
        .startsWith("This machine has no cuda:1: ");
  }
}
