package io.refinery.console.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the program that comes with NVIDIA's driver which GPUs there are. */
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
      return Gpus.none("nvidia-smi is not found: there is no NVIDIA driver, or it is not on PATH.");
    }
    try {
      // What it writes fits into the pipe, so that it never waits for a reader.
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return Gpus.none("nvidia-smi has not answered within " + PATIENCE.toSeconds() + " s.");
      }
      byte[] answer = process.getInputStream().readAllBytes();
      return parse(process.exitValue(), new String(answer, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Gpus.none("What nvidia-smi says cannot be read: " + e.getMessage());
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * A GPU that answers is one whatever else is said: a warning, or a complaint of another GPU.
   *
   * @param exitCode 0 where nothing went wrong; not so reliable that it could be trusted alone
   * @param answer all that it wrote
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
            "nvidia-smi says (exit code %d): %s".formatted(exitCode, complaint.orElse("nothing"))));
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
