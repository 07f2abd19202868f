package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The rows are assembled from published output: their form from
 * https://github.com/triton-inference-server/server/pull/8070, memory from
 * https://github.com/modal-labs/modal-client/pull/2797, an H100's name and driver from
 * https://github.com/google/gvisor/issues/10413, compute capabilities from
 * https://developer.nvidia.com/cuda-gpus. Exit codes: {@code nvidia-smi(1)}, as quoted in
 * https://github.com/Ricks-Lab/gpu-utils/issues/88.
 */
class NvidiaSmiTest {

  private static final String HEADER =
      "index, name, compute_cap, driver_version, memory.total [MiB]\n";

  private static final String H100_ROW = "0, NVIDIA H100 80GB HBM3, 9.0, 535.129.03, 81559 MiB\n";

  private static final Gpu H100 =
      new Gpu(0, "NVIDIA H100 80GB HBM3", "9.0", "535.129.03", "81559 MiB");

  @Test
  void everyRowIsAGpu() {
    Gpus gpus =
        NvidiaSmi.parse(0, HEADER + H100_ROW + "1, NVIDIA L40S, 8.9, 535.129.03, 46068 MiB\n");

    assertThat(gpus.trouble()).isEmpty();
    assertThat(gpus.all())
        .containsExactly(H100, new Gpu(1, "NVIDIA L40S", "8.9", "535.129.03", "46068 MiB"));
    assertThat(gpus.all().get(1).device()).hasToString("cuda:1");
  }

  @Test
  void windowsLineEndsAreAccepted() {
    assertThat(NvidiaSmi.parse(0, (HEADER + H100_ROW).replace("\n", "\r\n"))).isEqualTo(one(H100));
  }

  /**
   * https://github.com/unslothai/unsloth/pull/10703, https://github.com/lablup/all-smi/issues/80
   */
  @Test
  void aGpuThatSharesTheMachinesMemoryReportsNoneOfItsOwn() {
    assertThat(NvidiaSmi.parse(0, HEADER + "0, NVIDIA GB10, 12.1, 580.126.09, [N/A]\n"))
        .isEqualTo(one(new Gpu(0, "NVIDIA GB10", "12.1", "580.126.09", "[N/A]")));
  }

  /**
   * Kubesimplify's post of 11 August 2026, "HAMi Dynamic MIG on RTX PRO 6000: A Live Kubernetes
   * Test".
   */
  @Test
  void aGpuPartitionedByMigIsOneRowWithAllItsMemory() {
    String name = "NVIDIA RTX PRO 6000 Blackwell Server Edition";
    assertThat(NvidiaSmi.parse(0, HEADER + "0, " + name + ", 12.0, 610.43.02, 97887 MiB\n"))
        .isEqualTo(one(new Gpu(0, name, "12.0", "610.43.02", "97887 MiB")));
  }

  /** The message: https://github.com/NVIDIA/open-gpu-kernel-modules/issues/387. */
  @Test
  void aGpuThatFellOffTheBusIsReportedAlongWithTheOthers() {
    String lost = "Unable to determine the device handle for GPU 0000:0B:00.0: Unknown Error";
    for (int exitCode : new int[] {0, 15, 255}) {
      Gpus gpus = NvidiaSmi.parse(exitCode, HEADER + lost + "\n" + H100_ROW);

      assertThat(gpus.all()).containsExactly(H100);
      assertThat(gpus.trouble().orElseThrow()).endsWith(lost);
    }
  }

  /** https://github.com/NVIDIA/gpu-operator/issues/20; exit code 14, but the GPU is usable. */
  @Test
  void aWarningDoesNotHideTheGpu() {
    Gpus gpus =
        NvidiaSmi.parse(
            14, HEADER + H100_ROW + "WARNING: infoROM is corrupted at gpu 0000:B3:00.0\n");

    assertThat(gpus.all()).containsExactly(H100);
    assertThat(gpus.trouble().orElseThrow()).contains("exit code 14", "infoROM is corrupted");
  }

  /** https://github.com/greshake/i3status-rust/issues/826 */
  @Test
  void aDriverThatDoesNotAnswerIsQuoted() {
    Gpus gpus =
        NvidiaSmi.parse(
            9,
            """
            NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure \
            that the latest NVIDIA driver is installed and running.

            """);

    assertThat(gpus.all()).isEmpty();
    assertThat(gpus.trouble().orElseThrow())
        .contains("exit code 9")
        .contains("couldn't communicate with the NVIDIA driver");
  }

  /** https://github.com/anderskm/gputil/issues/55 */
  @Test
  void aDriverVersionMismatchIsQuoted() {
    Gpus gpus =
        NvidiaSmi.parse(
            18,
            """
            Failed to initialize NVML: Driver/library version mismatch
            NVML library version: 535.161
            """);

    assertThat(gpus.all()).isEmpty();
    assertThat(gpus.trouble().orElseThrow()).contains("Driver/library version mismatch");
  }

  /** https://github.com/NVIDIA/open-gpu-kernel-modules/issues/862 */
  @Test
  void aDriverWithoutDevicesIsQuoted() {
    assertThat(NvidiaSmi.parse(6, "No devices were found\n"))
        .isEqualTo(Gpus.none("nvidia-smi reports (exit code 6): No devices were found"));
  }

  /** https://github.com/canonical/inference-snaps/issues/128 */
  @Test
  void aDriverTooOldToReportTheCapabilityIsQuoted() {
    assertThat(
            NvidiaSmi.parse(2, "Field \"compute_cap\" is not a valid field to query.\n\n")
                .trouble())
        .hasValueSatisfying(trouble -> assertThat(trouble).contains("compute_cap"));
  }

  @Test
  void emptyOutputIsReported() {
    assertThat(NvidiaSmi.parse(1, "").trouble())
        .hasValueSatisfying(trouble -> assertThat(trouble).endsWith("no output"));
  }

  private static Gpus one(Gpu gpu) {
    return new Gpus(List.of(gpu), Optional.empty());
  }
}
