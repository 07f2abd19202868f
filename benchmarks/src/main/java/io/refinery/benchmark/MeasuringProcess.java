package io.refinery.benchmark;

import io.refinery.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that measures. It reads its task as a line of JSON; for every further line it measures
 * once more and answers with a line of JSON. Everything else it writes goes to standard error.
 */
final class MeasuringProcess implements AutoCloseable {

  /** Properties that a program on this class path may also need. */
  private static final List<String> INHERITED =
      List.of("refinery.engines.home", "refinery.embedded.home", "logback.configurationFile");

  /** The garbage collector that the launcher selects. */
  private static final String LAUNCHER_COLLECTOR = "-XX:+UseParallelGC";

  private static final long SECONDS_TO_END = 10;

  /** Another process hands on no exceptions, only what Java and Python print of them. */
  private static final Pattern ERROR =
      Pattern.compile("^(Caused by: |Exception in thread .* )?[\\w.$]+(Error|Exception)(: |$)");

  private static final byte[] NEW_LINE = {'\n'};

  private final Process process;
  private final OutputStream requests;
  private final BufferedReader answers;
  private final Path errors;

  private MeasuringProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    requests = process.getOutputStream();
    answers = process.inputReader(StandardCharsets.UTF_8);
    // Otherwise a process that hangs would outlive a benchmark that is stopped.
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /**
   * Starts a process.
   *
   * @param environment variables to add to this process's environment
   * @param task written as JSON
   */
  static MeasuringProcess start(List<String> command, Map<String, String> environment, Object task)
      throws IOException {
    Path errors = Files.createTempFile("refinery-benchmark", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    MeasuringProcess measuring;
    try {
      measuring = new MeasuringProcess(builder.start(), errors);
    } catch (IOException e) {
      Files.delete(errors);
      throw e;
    }
    measuring.requests.write(Json.write(task));
    measuring.requests.write(NEW_LINE);
    return measuring;
  }

  /** The command that runs another program of this class path. */
  static List<String> java(Class<?> program) {
    List<String> command = new ArrayList<>();
    command.add(javaProgram());
    command.add(LAUNCHER_COLLECTOR);
    for (String property : INHERITED) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.addAll(List.of("-classpath", System.getProperty("java.class.path"), program.getName()));
    return command;
  }

  static String javaProgram() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Measures once.
   *
   * @throws IOException saying why, when the process exits or takes longer than {@code most}
   */
  <T> T measure(Class<T> figures, Duration most) throws IOException {
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::answer);
    try {
      return Json.mapper().readValue(answer.get(most.toMillis(), TimeUnit.MILLISECONDS), figures);
    } catch (TimeoutException e) {
      end();
      throw new IOException("It took longer than " + most.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(reason(), e);
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a process was measuring", e);
    }
  }

  private String answer() {
    try {
      requests.write(NEW_LINE);
      requests.flush();
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("{")) {
          return line;
        }
        System.err.println(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new UncheckedIOException(new IOException("It exited"));
  }

  private String reason() throws IOException {
    return "It exited with code %d: %s".formatted(exitCode(process), lastWords(errors));
  }

  /**
   * Returns the last line that looks like an error in Java (the innermost cause) or Python;
   * otherwise the last line.
   */
  private static String lastWords(Path errors) throws IOException {
    List<String> lines =
        Files.readAllLines(errors, StandardCharsets.ISO_8859_1).stream()
            .filter(line -> !line.isBlank())
            .toList();
    return Stream.concat(lines.stream(), lines.stream().filter(ERROR.asPredicate()))
        .reduce((earlier, later) -> later)
        .orElse("no error output");
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Ends the process, and passes on what it wrote to standard error. */
  @Override
  public void close() throws IOException {
    try {
      requests.close();
    } catch (IOException e) {
      // It exited earlier, and measure() has reported why.
    }
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        end();
      }
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
    }
    Files.copy(errors, System.err);
    Files.delete(errors);
  }

  /** Whether a command succeeds. */
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
      throw new IOException("Interrupted while a process was measuring", e);
    }
  }
}
