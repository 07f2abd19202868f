package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchErrorsTest {

  /** Messages of c10's allocators, CUDA 13, cuDNN 9 and cuBLAS. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB of"
            + " which 1.10 GiB is free. ",
        "CUDA out of memory. Tried to allocate more than 1EB memory.",
        "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some"
            + " other API call, so the stacktrace below might be incorrect.",
        "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory:"
            + " you tried to allocate 4000000000000 bytes. Error code 12 (Cannot allocate memory)",
        "[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: not enough memory: you"
            + " tried to allocate 4000000000000 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
        "FIND was unable to find an engine to execute this computation after trying 8 plans.",
        "GET was unable to find an engine to execute this computation"
      })
  void outOfMemoryLeavesTheDeviceUsable(String text) {
    assertThat(classified(text)).isInstanceOf(DeviceMemoryException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA error: an illegal memory access was encountered",
        "CUDA error: an illegal instruction was encountered",
        "CUDA error: device-side assert triggered\nCompile with `TORCH_USE_CUDA_DSA` to enable"
            + " device-side assertions.",
        "CUDA error: unspecified launch failure",
        "CUDA error: the launch timed out and was terminated",
        "CUDA error: misaligned address",
        "CUDA error: invalid program counter",
        "CUDA error: operation not supported on global/shared address space",
        "CUDA error: hardware stack error",
        "CUDA error: uncorrectable ECC error encountered",
        "CUDA error: uncorrectable NVLink error detected during the execution",
        "CUDA error: Invalid access of peer GPU memory over nvlink or a hardware error",
        "CUDA error: context is destroyed",
        "CUDA error: CUDA-capable device(s) is/are busy or unavailable",
        "CUDA error: no CUDA-capable device is detected",
        "CUDA error: unknown error",
        "CUDA error: the MPS client has been terminated by the server",
        "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
        "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(handle)`"
      })
  void unrecoverableErrorsMeanThatTheDeviceIsLost(String text) {
    assertThat(classified(text)).isInstanceOf(DeviceFailedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
        "CUDA error: no kernel image is available for execution on the device",
        "CUDA error: invalid argument",
        "NNPACK SpatialConvolution_updateOutput failed"
      })
  void anyOtherErrorConcernsOnlyThisCall(String text) {
    assertThat(classified(text)).isExactlyInstanceOf(EngineException.class);
  }

  @Test
  void theMessageNamesTheActionAndOmitsTheNativeStackTrace() {
    RuntimeException cause =
        new RuntimeException("misaligned address\nframe #0: c10::Error + 0xac");
    assertThat(TorchErrors.of("refine 3 images", cause))
        .hasMessage("libtorch could not refine 3 images: misaligned address")
        .hasCause(cause);
  }

  /** A smaller batch helps only against the first cause, so the message must name both. */
  @Test
  void withoutACudnnAlgorithmTheMessageNamesMemoryAndCudnn() {
    RuntimeException cause =
        new RuntimeException("GET was unable to find an engine to execute this computation");
    assertThat(TorchErrors.of("update the refiner", cause))
        .hasMessage(
            "libtorch could not update the refiner: GET was unable to find an engine to execute"
                + " this computation (the GPU is out of memory, or its cuDNN does not match"
                + " this libtorch or GPU)");
  }

  @Test
  void anErrorWithoutAMessageIsAnEngineException() {
    assertThat(TorchErrors.of("refine", new NullPointerException()))
        .isExactlyInstanceOf(EngineException.class);
  }

  @Test
  void anEngineExceptionIsReturnedUnchanged() {
    EngineException known = new EngineException("3 channels, not 1");
    assertThat(TorchErrors.of("refine", known)).isSameAs(known);
  }

  private static EngineException classified(String text) {
    return TorchErrors.of("refine", new RuntimeException(text));
  }
}
