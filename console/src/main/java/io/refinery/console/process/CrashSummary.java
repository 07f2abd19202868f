package io.refinery.console.process;

import java.util.List;
import java.util.stream.Stream;

/**
 * Extracts from a program's output the line that best explains why it ended. The exit code of a
 * crashed JVM is its signal at most; only the text names the library that crashed.
 */
final class CrashSummary {

  private static final String FRAME = "Problematic frame:";

  private CrashSummary() {}

  /** Returns the last line or, after a JVM crash, the signal and the frame. */
  static String of(String output) {
    List<String> lines =
        output.lines().map(line -> line.replaceFirst("^#\\s*", "").strip()).toList();
    int frame = lines.indexOf(FRAME);
    if (frame > 0 && frame + 1 < lines.size()) {
      return Stream.concat(signal(lines), Stream.of("in " + lines.get(frame + 1)))
          .reduce((signal, where) -> signal + " " + where)
          .orElseThrow();
    }
    return lines.stream().filter(line -> !line.isEmpty()).reduce("", (first, second) -> second);
  }

  /** Returns the signal, such as {@code SIGSEGV (0xb)}, without the addresses that follow. */
  private static Stream<String> signal(List<String> lines) {
    return lines.stream()
        .filter(line -> line.contains(" at pc="))
        .limit(1)
        .map(line -> line.substring(0, line.indexOf(" at pc=")));
  }
}
