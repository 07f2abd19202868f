package io.refinery.faults;

import io.refinery.testkit.JavaProgram;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A worker's process under a supervisor: one that exits although nobody stopped it, such as one
 * whose broker is away at its start, is started again.
 */
final class WorkerProcess implements AutoCloseable {

  /** More than the grace, and the time that clients take to close while their server is away. */
  static final Duration LONGEST_STOP = Duration.ofSeconds(60);

  private static final Executor PAUSE = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final WorkerSetup setup;
  private final File log;
  private Process process;
  private boolean wanted;
  private int restarts;

  /**
   * @param log receives what it says
   */
  WorkerProcess(WorkerSetup setup, Path log) throws IOException {
    this.setup = setup;
    this.log = log.toFile();
    Files.createDirectories(setup.folder());
  }

  synchronized void start() {
    wanted = true;
    launch();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It ends with the process.
  private void launch() {
    try {
      Process started =
          JavaProgram.of(WorkerMain.class, "256m", setup.toArguments().toArray(new String[0]))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.appendTo(log))
              .start();
      process = started;
      started.onExit().thenRunAsync(() -> supervise(started), PAUSE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void supervise(Process exited) {
    if (wanted && process == exited) {
      restarts++;
      launch();
    }
  }

  /** Returns its resident memory, in KiB, as Linux reports it. */
  synchronized long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** Returns how often it exited by itself. */
  synchronized int restarts() {
    return restarts;
  }

  /** Ends it like {@code kill -9}; it stays away until {@link #start}. */
  void kill() throws InterruptedException {
    unwanted().destroyForcibly().waitFor();
  }

  /**
   * Asks it to stop by SIGTERM and waits until it has.
   *
   * @return how long it took; it is killed after {@link #LONGEST_STOP}
   */
  Duration stop() throws InterruptedException {
    long begin = System.nanoTime();
    Process asked = unwanted();
    asked.destroy();
    if (!asked.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
      asked.destroyForcibly().waitFor();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private synchronized Process unwanted() {
    wanted = false;
    return process;
  }

  synchronized void freeze() {
    Signals.freeze(process.pid());
  }

  synchronized void thaw() {
    Signals.thaw(process.pid());
  }

  @Override
  public synchronized void close() {
    wanted = false;
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
