package io.refinery.engine.torch;

import io.refinery.engine.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The precisions that a CPU computes in. bfloat16 only if the CPU has instructions for it: oneDNN
 * would otherwise emulate it, slower than 32-bit floats.
 */
final class CpuPrecisions {

  private static final List<String> BFLOAT16_FLAGS = List.of("avx512_bf16", "amx_bf16");

  static final Set<Precision> OF_THIS_PROCESSOR = of(Path.of("/proc/cpuinfo"));

  private CpuPrecisions() {}

  /**
   * @param cpuinfo Linux's {@code /proc/cpuinfo}; may be missing on other systems
   */
  static Set<Precision> of(Path cpuinfo) {
    Set<Precision> precisions = EnumSet.of(Precision.FULL);
    if (Files.isReadable(cpuinfo) && multipliesBfloat16(cpuinfo)) {
      precisions.add(Precision.BFLOAT16);
    }
    return Set.copyOf(precisions);
  }

  private static boolean multipliesBfloat16(Path cpuinfo) {
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Arrays.asList(line.split("\\s+")))
          .filter(flags -> BFLOAT16_FLAGS.stream().anyMatch(flags::contains))
          .isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
