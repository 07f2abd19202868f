package io.refinery.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ResidentMemory() {}

  /** Returns the peak so far, in bytes; 0 if the system is not Linux. */
  static long peakBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    String kilobytes =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith(PEAK))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(kilobytes.replaceAll("\\D", ""));
  }
}
