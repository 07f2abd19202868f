package io.refinery.console.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Lists the GPUs with {@code nvidia-smi}, which comes with NVIDIA's driver. */
final class NvidiaSmi {

  private static final List<String> COMMAND =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,name,compute_cap,driver_version,memory.total",
          "--format=csv");

  private static final int COLUMNS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private NvidiaSmi() {}

  static Gpus ask() throws InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(COMMAND).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Gpus.none(
          "nvidia-smi not found: no NVIDIA driver is installed, or it is not on PATH.");
    }
    try {
      // Its output fits into the pipe, so it never blocks on a reader.
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return Gpus.none("nvidia-smi did not answer within " + PATIENCE.toSeconds() + " s.");
      }
      byte[] answer = process.getInputStream().readAllBytes();
      return parse(process.exitValue(), new String(answer, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Gpus.none("Cannot read the output of nvidia-smi: " + e.getMessage());
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Parses the output. A GPU with a row of its own counts, even if the output also has a warning or
   * an error about another GPU.
   *
   * @param exitCode 0 on success, but not reliable enough to be trusted alone
   * @param answer the whole output
   */
  static Gpus parse(int exitCode, String answer) {
    List<String> lines = answer.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    List<Gpu> gpus = lines.stream().map(NvidiaSmi::row).flatMap(Optional::stream).toList();
    Optional<String> complaint =
        lines.stream().filter(line -> !isHeader(line) && row(line).isEmpty()).findFirst();
    if (exitCode == 0 && !gpus.isEmpty() && complaint.isEmpty()) {
      return new Gpus(gpus, Optional.empty());
    }
    return new Gpus(
        gpus,
        Optional.of(
            "nvidia-smi reports (exit code %d): %s"
                .formatted(exitCode, complaint.orElse("no output"))));
  }

  private static boolean isHeader(String line) {
    return line.startsWith("index, ");
  }

  private static Optional<Gpu> row(String line) {
    String[] fields = line.split(",\\s*", -1);
    if (fields.length != COLUMNS || !fields[0].matches("\\d{1,4}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Gpu(Integer.parseInt(fields[0]), fields[1], fields[2], fields[3], fields[4]));
  }
}
