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
 * How much more of an NVIDIA GPU's memory is taken while this is open than when it was opened, as
 * {@code nvidia-smi} tells ten times a second. It counts all processes, so that there must be one
 * alone that takes memory meanwhile.
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

  /** Of a processor there is nothing to tell. */
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
   * @param line what {@code nvidia-smi} says, null when it says nothing: not a number where it does
   *     not know
   */
  private static long bytes(String line) {
    return line != null && line.strip().matches("\\d+")
        ? MEBIBYTE * Long.parseLong(line.strip())
        : 0;
  }

  /** In bytes; 0 also where {@code nvidia-smi} does not tell. */
  long peakBytes() {
    return most.get() - before;
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroy);
  }
}
