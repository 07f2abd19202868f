package io.refinery.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The most memory of an NVIDIA GPU that is taken while this is open, by all processes together, as
 * {@code nvidia-smi} tells ten times a second.
 */
final class DeviceMemory implements AutoCloseable {

  private static final long MEBIBYTE = 1 << 20;

  private final Process process;
  private final Thread reader;
  private final AtomicLong peak = new AtomicLong();

  private DeviceMemory(int gpu) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    "nvidia-smi",
                    "--query-gpu=memory.used",
                    "--format=csv,noheader,nounits",
                    "--id=" + gpu,
                    "--loop-ms=100"))
            .redirectErrorStream(true)
            .start();
    reader =
        new Thread(
            () ->
                process
                    .inputReader(StandardCharsets.US_ASCII)
                    .lines()
                    .forEach(
                        line ->
                            peak.accumulateAndGet(
                                MEBIBYTE * Long.parseLong(line.strip()), Math::max)),
            "nvidia-smi");
    reader.setDaemon(true);
  }

  static DeviceMemory watch(int gpu) throws IOException {
    DeviceMemory memory = new DeviceMemory(gpu);
    memory.reader.start();
    return memory;
  }

  /** In bytes; 0 before the first look. */
  long peakBytes() {
    return peak.get();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
