package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NvidiaSmiTest {

  @Test
  void everyRowIsAGpu() {
    Gpus gpus =
        NvidiaSmi.parse(
            0,
            """
            index, name, compute_cap, driver_version, memory.total [MiB]
            0, NVIDIA GeForce RTX 3090, 8.6, 535.183.01, 24576 MiB
            1, Tesla T4, 7.5, 535.183.01, 15360 MiB
            """);

    assertThat(gpus.absence()).isEmpty();
    assertThat(gpus.all())
        .containsExactly(
            new Gpu(0, "NVIDIA GeForce RTX 3090", "8.6", "535.183.01", "24576 MiB"),
            new Gpu(1, "Tesla T4", "7.5", "535.183.01", "15360 MiB"));
    assertThat(gpus.all().get(1).device()).hasToString("cuda:1");
  }

  @Test
  void linesOfWindowsAreRowsToo() {
    assertThat(
            NvidiaSmi.parse(
                    0, "index, name\r\n0, NVIDIA H100 80GB HBM3, 9.0, 550.54.15, 81559 MiB\r\n")
                .all())
        .containsExactly(new Gpu(0, "NVIDIA H100 80GB HBM3", "9.0", "550.54.15", "81559 MiB"));
  }

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
    assertThat(gpus.absence().orElseThrow())
        .contains("exit code 9")
        .contains("couldn't communicate with the NVIDIA driver");
  }

  @Test
  void aDriverWithoutDevicesIsQuoted() {
    assertThat(NvidiaSmi.parse(6, "No devices were found\n").absence().orElseThrow())
        .contains("No devices were found");
  }

  @Test
  void aDriverTooOldToTellTheCapabilityIsQuoted() {
    assertThat(
            NvidiaSmi.parse(2, "Field \"compute_cap\" is not a valid field to query.\n\n")
                .absence())
        .hasValueSatisfying(absence -> assertThat(absence).contains("compute_cap"));
  }

  @Test
  void whoeverSaysNothingIsQuotedToo() {
    assertThat(NvidiaSmi.parse(1, "").absence())
        .hasValueSatisfying(absence -> assertThat(absence).endsWith("nothing"));
  }
}
