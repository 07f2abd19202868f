package io.refinery.console.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrashSummaryTest {

  @Test
  void theLastLineIsReturned() {
    assertThat(CrashSummary.of("Loading\n  libcudart.so.13 is missing \n\n"))
        .isEqualTo("libcudart.so.13 is missing");
  }

  @Test
  void emptyOutputGivesAnEmptySummary() {
    assertThat(CrashSummary.of("")).isEmpty();
    assertThat(CrashSummary.of("\n#\n")).isEmpty();
  }

  @Test
  void aCrashIsSummarisedByItsSignalAndFrame() {
    assertThat(
            CrashSummary.of(
                """
                Loading
                #
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  SIGSEGV (0xb) at pc=0x00007f5c1a2b3c4d, pid=4242, tid=4243
                #
                # JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6)
                # Problematic frame:
                # C  [libtorch_cpu.so+0x1a2b3c4]  at::native::convolution()+0x14
                #
                # No core dump will be written. Core dumps have been disabled.
                #
                # If you would like to submit a bug report, please visit:
                #   https://bugreport.java.com/bugreport/crash.jsp
                #
                """))
        .isEqualTo(
            "SIGSEGV (0xb) in C  [libtorch_cpu.so+0x1a2b3c4]  at::native::convolution()+0x14");
  }
}
