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
 * What a processor computes in. 16-bit floats where it multiplies them itself: oneDNN would
 * otherwise only pretend to, and take longer than with 32 bits.
 */
final class CpuPrecisions {

  private static final List<String> BFLOAT16_FLAGS = List.of("avx512_bf16", "amx_bf16");

  static final Set<Precision> OF_THIS_PROCESSOR = of(Path.of("/proc/cpuinfo"));

  private CpuPrecisions() {}

  /**
   * @param cpuinfo what Linux says of its processors; elsewhere there is no such file
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
