package io.refinery.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process keeps in memory. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ResidentMemory() {}

  /** The most that this process ever had; 0 where the system is not Linux. */
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
