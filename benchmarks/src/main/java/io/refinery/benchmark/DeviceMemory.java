package io.refinery.benchmark;

import io.refinery.engine.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The additional memory of an NVIDIA GPU that is in use while this is open, as reported by {@code
 * nvidia-smi} ten times a second. All processes count, so only one may allocate GPU memory
 * meanwhile.
 */
final class DeviceMemory implements AutoCloseable {

  private static final long MEBIBYTE = 1 << 20;

  private final Optional<Process> process;
  private final long before;
  private final AtomicLong most;

  private DeviceMemory(Optional<Process> process) throws IOException {
    this.process = process;
    BufferedReader lines =
        process
            .map(started -> started.inputReader(StandardCharsets.US_ASCII))
            .orElseGet(() -> new BufferedReader(Reader.nullReader()));
    before = bytes(lines.readLine());
    most = new AtomicLong(before);
    Thread reader =
        new Thread(
            () -> lines.lines().forEach(line -> most.accumulateAndGet(bytes(line), Math::max)),
            "nvidia-smi");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts to watch a device; for a CPU, nothing is measured. */
  static DeviceMemory watch(Device device) throws IOException {
    if (!(device instanceof Device.Cuda gpu)) {
      return new DeviceMemory(Optional.empty());
    }
    List<String> command =
        List.of(
            "nvidia-smi",
            "--query-gpu=memory.used",
            "--format=csv,noheader,nounits",
            "--id=" + gpu.number(),
            "--loop-ms=100");
    return new DeviceMemory(
        Optional.of(new ProcessBuilder(command).redirectErrorStream(true).start()));
  }

  /**
   * Parses a line of {@code nvidia-smi}.
   *
   * @param line a number of MiB; null at the end of output, not a number if unknown
   */
  private static long bytes(String line) {
    return line != null && line.strip().matches("\\d+")
        ? MEBIBYTE * Long.parseLong(line.strip())
        : 0;
  }

  /** Returns the peak in bytes; 0 also if {@code nvidia-smi} does not report it. */
  long peakBytes() {
    return most.get() - before;
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroy);
  }
}
