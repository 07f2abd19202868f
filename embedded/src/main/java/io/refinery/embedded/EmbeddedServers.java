package io.refinery.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real Kafka broker and a real S3 server in one child JVM. They stop when this process ends, even
 * if it is killed, because the child watches its standard input.
 *
 * <p>This class needs only the JDK, so the module's other dependencies need not be on the class
 * path of the caller.
 */
public final class EmbeddedServers implements AutoCloseable {

  static final String READY = "ready";

  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 30;
  private static final int QUOTED_CHARACTERS = 4000;

  private final Process process;
  private final Endpoints endpoints;

  private EmbeddedServers(Process process, Endpoints endpoints) {
    this.process = process;
    this.endpoints = endpoints;
  }

  /** Starts one broker and the S3 server, on the ports remembered in {@code data}. */
  public static EmbeddedServers start(Path home, Path data) {
    return start(home, data, ServerOptions.DEFAULT);
  }

  /**
   * Starts the servers and waits until they are ready.
   *
   * @param home folder with the program: {@code classes} and {@code lib}
   * @param data folder for everything the servers store; created if missing
   * @throws EmbeddedServersException when they do not start, for example because another process
   *     has {@code data} open or a port is in use
   */
  public static EmbeddedServers start(Path home, Path data, ServerOptions options) {
    try {
      Files.createDirectories(data);
      if (ServerDisk.isBelow(data, ServerDisk.NEEDED_BYTES)) {
        throw new EmbeddedServersException(ServerDisk.sentence(data.toAbsolutePath()));
      }
      return start(command(home, data, options), data);
    } catch (IOException e) {
      if (ServerDisk.caused(e, data)) {
        throw new EmbeddedServersException(ServerDisk.sentence(data.toAbsolutePath()), e);
      }
      throw new EmbeddedServersException("Cannot start the embedded servers: " + e, e);
    }
  }

  /**
   * Returns the endpoints of servers that any process has started on {@code data}; empty if none.
   */
  public static Optional<Endpoints> running(Path data) {
    return DataFolder.running(data);
  }

  /**
   * Returns the file with the S3 server's secret key, which only the user can read.
   *
   * @param data the folder that the servers were started on
   */
  public static Path secretFile(Path data) {
    return DataFolder.secretFile(data);
  }

  private static List<String> command(Path home, Path data, ServerOptions options) {
    Path classes = home.resolve("classes");
    Path lib = home.resolve("lib");
    if (!Files.isDirectory(classes) || !Files.isDirectory(lib)) {
      throw new EmbeddedServersException(
          home.toAbsolutePath()
              + " does not contain the embedded servers (classes, lib): build them with"
              + " mvn -pl embedded package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + (384 + 128 * options.kafkaNodes()) + "m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.awt.headless=true");
    command.add("-Dlogback.configurationFile=io/refinery/embedded/logback.xml");
    command.add("-cp");
    command.add(classes.toAbsolutePath() + File.pathSeparator + lib.toAbsolutePath() + "/*");
    // By name, because the class itself needs Kafka and S3Proxy.
    command.add("io.refinery.embedded.ServersMain");
    command.add(data.toAbsolutePath().toString());
    command.addAll(options.toArguments());
    return command;
  }

  private static EmbeddedServers start(List<String> command, Path data) throws IOException {
    Path log = data.resolve(DataFolder.LOG);
    long logBefore = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        new ProcessBuilder(command)
            .directory(data.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    CompletableFuture<Endpoints> answer = new CompletableFuture<>();
    Thread reader = new Thread(() -> listen(process, answer), "embedded-servers");
    reader.setDaemon(true);
    reader.start();
    try {
      return new EmbeddedServers(process, answer.get(START_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      String why =
          e instanceof TimeoutException
              ? "they were not ready within " + START_SECONDS + " s"
              : e.getCause().getMessage();
      throw new EmbeddedServersException(
          "The embedded servers did not start: " + why + ". " + quote(log, logBefore), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmbeddedServersException("Interrupted while starting the embedded servers", e);
    }
  }

  /** Keeps reading after the answer, so that the child never blocks on a full pipe. */
  private static void listen(Process process, CompletableFuture<Endpoints> answer) {
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null) {
        if (line.equals(READY)) {
          Properties properties = new Properties();
          properties.load(new StringReader(said.toString()));
          answer.complete(Endpoints.of(properties));
        }
        said.append(line).append('\n');
        line = lines.readLine();
      }
      answer.completeExceptionally(new IllegalStateException("their process exited"));
    } catch (IOException | IllegalArgumentException e) {
      answer.completeExceptionally(e);
    }
  }

  private static String quote(Path log, long from) {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int start = (int) Math.max(Math.min(from, bytes.length), bytes.length - QUOTED_CHARACTERS);
      String added = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
      return "Their log, " + log.toAbsolutePath() + ":\n" + added.strip();
    } catch (IOException e) {
      return "Their log, " + log.toAbsolutePath() + ", cannot be read: " + e;
    }
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public String bootstrapServers() {
    return endpoints.bootstrapServers();
  }

  public URI s3Endpoint() {
    return endpoints.s3Endpoint();
  }

  public String accessKey() {
    return endpoints.accessKey();
  }

  public String secretKey() {
    return endpoints.secretKey();
  }

  /** Returns the process ID of the child JVM. */
  public long pid() {
    return process.pid();
  }

  /** Returns a future that completes when the child JVM exits for any reason. */
  public CompletableFuture<Void> onExit() {
    return process.onExit().thenAccept(ended -> {});
  }

  /** Stops the servers cleanly; all their data is then on disk. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
