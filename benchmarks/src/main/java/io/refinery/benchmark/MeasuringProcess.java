package io.refinery.benchmark;

import io.refinery.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Starts a process, gives it a task, and takes its figures from the last line that it writes.
 *
 * @param threads of OpenMP
 */
record MeasuringProcess(int threads, String task) {

  /**
   * @throws IOException when it ends with an error, whose text it has written
   */
  TrainingFigures run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    // Threads that spin while they wait take the cores from whoever computes.
    builder
        .environment()
        .putAll(Map.of("OMP_NUM_THREADS", Integer.toString(threads), "OMP_WAIT_POLICY", "PASSIVE"));
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(task.getBytes(StandardCharsets.UTF_8));
    }
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    if (exitCode(process) != 0 || lines.isEmpty()) {
      throw new IOException("No figures from " + command.get(0) + ": " + String.join("\n", lines));
    }
    return Json.mapper().readValue(lines.get(lines.size() - 1), TrainingFigures.class);
  }

  /** Whether a command ends without an error. */
  static boolean succeeds(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return exitCode(process) == 0;
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a process measured", e);
    }
  }
}
