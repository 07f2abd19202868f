package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaRuntimeTest {

  private static final Device.Cuda FIRST = new Device.Cuda(0);

  @Test
  void nothingIsMissingIfADriverForCuda13SeesTheGpu() {
    assertThat(CudaRuntime.missing(FIRST, 13_000, 1, "")).isEmpty();
    assertThat(CudaRuntime.missing(new Device.Cuda(3), 13_020, 4, "")).isEmpty();
  }

  @Test
  void aMissingDriverIsReportedWithTheVersionToInstall() {
    assertThat(CudaRuntime.missing(FIRST, 0, 0, ""))
        .contains("no NVIDIA driver")
        .contains("580 or later");
  }

  @Test
  void anOldDriverIsReportedWithTheCudaVersionItSupports() {
    assertThat(CudaRuntime.missing(FIRST, 12_080, 1, ""))
        .contains("too old")
        .contains("CUDA 12.8")
        .contains("580 or later");
  }

  @Test
  void cudasErrorIsPassedOn() {
    assertThat(CudaRuntime.missing(FIRST, 13_000, 0, "no CUDA-capable device is detected"))
        .contains("no CUDA-capable device is detected");
  }

  @Test
  void aGpuThatDoesNotExistIsReportedWithTheNumberOfGpus() {
    assertThat(CudaRuntime.missing(new Device.Cuda(2), 13_000, 2, ""))
        .contains("cuda:2")
        .contains("2 GPUs");
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 87, 89, 90, 100, 103, 120, 121})
  void gpusFromTuringToBlackwellAreSupported(int capability) {
    assertThat(CudaRuntime.ofGpu("libtorch 2", FIRST, "NVIDIA X", capability))
        .isInstanceOfSatisfying(
            Available.class,
            available ->
                assertThat(available.description())
                    .isEqualTo(
                        "libtorch 2 on NVIDIA X of compute capability %d.%d"
                            .formatted(capability / 10, capability % 10)));
  }

  @ParameterizedTest
  @ValueSource(ints = {52, 61, 70, 72, 110, 130})
  void gpusThatTheLibraryHasNoCodeForAreRejected(int capability) {
    assertThat(CudaRuntime.ofGpu("libtorch 2", FIRST, "NVIDIA X", capability))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable ->
                assertThat(unavailable.missing())
                    .contains("cuda:0")
                    .contains("NVIDIA X")
                    .contains("%d.%d".formatted(capability / 10, capability % 10)));
  }
}
