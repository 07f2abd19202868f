package io.refinery.faults;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One node of the broker, in its own JVM. */
final class KafkaNode implements AutoCloseable {

  private static final String DATA = "nodes";
  private static final String READY = "ready";
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 60;

  private final List<String> command;
  private final int index;
  private final Path data;
  private final Path folder;
  private final File log;
  private Process process;
  private CompletableFuture<Void> ready = new CompletableFuture<>();

  /**
   * @param home folder of the embedded servers' program
   * @param folder the cluster's folder, which exists
   * @param index from 0
   * @param ports broker ports and controller ports of all nodes, separated by commas
   */
  KafkaNode(Path home, Path folder, int index, String clusterId, List<String> ports) {
    this.folder = folder;
    this.index = index;
    this.data = folder.resolve(DATA).resolve("node" + (index + 1));
    this.log = folder.resolve("node" + (index + 1) + ".log").toFile();
    this.command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=io/refinery/embedded/logback.xml",
            "-cp",
            home.resolve("classes").toAbsolutePath()
                + File.pathSeparator
                + home.resolve("lib").toAbsolutePath()
                + "/*",
            "io.refinery.embedded.NodeMain",
            DATA,
            Integer.toString(index),
            clusterId,
            ports.get(0),
            ports.get(1));
  }

  /** Starts its process, without waiting for it. */
  synchronized void start() throws IOException {
    Files.createDirectories(folder.resolve(DATA));
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log))
            .start();
    CompletableFuture<Void> isReady = new CompletableFuture<>();
    Thread reader = new Thread(() -> listen(started, isReady), "kafka-node");
    reader.setDaemon(true);
    reader.start();
    process = started;
    ready = isReady;
  }

  private void listen(Process started, CompletableFuture<Void> isReady) {
    try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(READY)) {
          isReady.complete(null);
        }
      }
    } catch (IOException e) {
      // Killed.
    }
    isReady.completeExceptionally(new IllegalStateException("A Kafka node ended: see " + log));
  }

  /** Waits until it serves; fails if its process ends before. */
  void awaitReady() throws Exception {
    ready.get(START_SECONDS, TimeUnit.SECONDS);
  }

  /** Returns its index, from 0. */
  int index() {
    return index;
  }

  /** Returns the folder of all its data, which may not exist yet. */
  Path data() {
    return data;
  }

  /** Returns whether its process runs. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it like {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop by SIGTERM, upon which it gives up what it leads, and waits until it has. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
  }

  void freeze() {
    Signals.freeze(process.pid());
  }

  void thaw() {
    Signals.thaw(process.pid());
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
