package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuPrecisionsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fpu avx512_bf16 clzero", "fpu amx_bf16"})
  void cpusWithBfloat16InstructionsOfferBfloat16(String flags) throws IOException {
    assertThat(CpuPrecisions.of(cpuinfo(flags)))
        .containsExactlyInAnyOrder(Precision.FULL, Precision.BFLOAT16);
  }

  @Test
  void otherCpusOfferOnlyFullPrecision() throws IOException {
    assertThat(CpuPrecisions.of(cpuinfo("fpu avx2 avx512f"))).containsExactly(Precision.FULL);
  }

  @Test
  void withoutCpuinfoOnlyFullPrecisionIsOffered() {
    assertThat(CpuPrecisions.of(folder.resolve("none"))).containsExactly(Precision.FULL);
  }

  private Path cpuinfo(String flags) throws IOException {
    return Files.writeString(
        folder.resolve("cpuinfo"), "processor\t: 0\nflags\t\t: " + flags + "\nbugs\t\t:\n");
  }
}
