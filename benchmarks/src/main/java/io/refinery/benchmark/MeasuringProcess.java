package io.refinery.benchmark;

import io.refinery.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts a process, gives it a task, and takes its figures from the last line that it writes.
 *
 * @param environment beside this process's own
 * @param task written as JSON
 */
record MeasuringProcess(Map<String, String> environment, Object task) {

  /** Properties that a program of this class path may need, too. */
  private static final List<String> INHERITED =
      List.of("refinery.engines.home", "refinery.embedded.home", "logback.configurationFile");

  /**
   * The command that runs another program of this class path.
   *
   * @param properties further system properties, {@code name=value}
   */
  static List<String> java(Class<?> program, List<String> properties) {
    List<String> command = new ArrayList<>();
    command.add(javaProgram());
    for (String property : INHERITED) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-classpath", System.getProperty("java.class.path"), program.getName()));
    return command;
  }

  static String javaProgram() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * @throws IOException when it ends with an error, whose text it has written
   */
  <T> T run(List<String> command, Class<T> figures) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(Json.write(task));
    }
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    if (exitCode(process) != 0 || lines.isEmpty()) {
      throw new IOException("No figures from " + command.get(0) + ": " + String.join("\n", lines));
    }
    return Json.mapper().readValue(lines.get(lines.size() - 1), figures);
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
