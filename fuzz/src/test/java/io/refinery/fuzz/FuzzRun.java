package io.refinery.fuzz;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a target malformed input and notes each broken promise: anything thrown that is not
 * documented, more allocated bytes or time than allowed, a file left open. Inputs are kept in
 * {@code target/fuzz}.
 */
final class FuzzRun {

  private static final long SECONDS_PER_INPUT = 20;
  private static final int MOST_FAULTS = 10;

  /** Files that the JVM itself may open meanwhile. */
  private static final long SPARE_FILES = 16;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final FuzzTarget target;
  private final Map<String, String> faults = new LinkedHashMap<>();
  private volatile byte[] current = {};
  private volatile long since = System.nanoTime();
  private long tried;
  private long mostBytes;

  FuzzRun(FuzzTarget target) {
    this.target = target;
  }

  /** How long to try. */
  record Length(long inputs, long seconds, long start) {}

  /**
   * Returns what went wrong, by kind; empty if nothing did.
   *
   * @throws AssertionError when an input takes too long
   */
  Map<String, String> run(Length length) throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                readAll(length);
                ended.complete(null);
              } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
              }
            },
            "fuzz-" + target.name());
    thread.setDaemon(true);
    thread.start();
    await(ended, thread);
    return faults;
  }

  /** Reads inputs often enough to notice a file that each reading leaves open. */
  Map<String, String> repeat(List<byte[]> inputs) {
    for (byte[] input : inputs) {
      read(input);
      long files = openFiles();
      for (int i = 0; i < 2 * SPARE_FILES; i++) {
        read(input);
      }
      requireClosed(files, input);
    }
    return faults;
  }

  /** Returns a summary in one line. */
  String summary() {
    return "%s: %,d inputs, at most %,d bytes allocated, %d faults"
        .formatted(target.name(), tried, mostBytes, faults.size());
  }

  private void await(CompletableFuture<Void> ended, Thread thread) throws Exception {
    while (true) {
      try {
        ended.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SECONDS_PER_INPUT)) {
          throw new AssertionError(
              target.name()
                  + " did not end within "
                  + SECONDS_PER_INPUT
                  + " s: "
                  + keep(current)
                  + "\n"
                  + Arrays.toString(thread.getStackTrace()),
              e);
        }
      } catch (ExecutionException e) {
        throw new AssertionError(target.name() + " ended: " + keep(current), e);
      }
    }
  }

  private void readAll(Length length) {
    Mutator mutator = new Mutator(target.seeds(), length.start() * 31 + target.name().hashCode());
    for (byte[] seed : target.seeds()) {
      read(seed);
    }
    long files = openFiles();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(length.seconds());
    for (long i = 0; i < length.inputs() || System.nanoTime() < end; i++) {
      byte[] input = mutator.next();
      read(i % 2 == 0 ? target.repair().apply(input) : input);
      if (i % 256 == 0) {
        requireClosed(files, input);
      }
      if (faults.size() >= MOST_FAULTS) {
        return;
      }
    }
  }

  /** Reads one input and notes what it breaks. */
  void read(byte[] input) {
    current = input;
    since = System.nanoTime();
    tried++;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      target.reading().read(input);
    } catch (Exception | Error e) {
      fault(kind(e), e, input);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    mostBytes = Math.max(mostBytes, bytes);
    if (bytes > target.bytes()) {
      fault("too many bytes", new IllegalStateException(bytes + " bytes allocated"), input);
    }
  }

  private void requireClosed(long before, byte[] input) {
    if (openFiles() > before + SPARE_FILES) {
      fault("a file is left open", new IllegalStateException(openFiles() + " files"), input);
    }
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  /** Tells faults apart by type and place, so that one does not hide the others. */
  private static String kind(Throwable e) {
    String place =
        Arrays.stream(e.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("io.refinery"))
            .findFirst()
            .map(StackTraceElement::toString)
            .orElse("");
    return e.getClass().getSimpleName() + " at " + place;
  }

  private void fault(String kind, Throwable e, byte[] input) {
    if (!faults.containsKey(kind)) {
      StringBuilder text = new StringBuilder(e.toString()).append(" for ").append(keep(input));
      for (Throwable t = e; t != null; t = t.getCause()) {
        text.append("\n  ").append(t);
        Arrays.stream(t.getStackTrace()).limit(12).forEach(f -> text.append("\n    ").append(f));
      }
      faults.put(kind, text.toString());
    }
  }

  private Path keep(byte[] input) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "fuzz"));
      return Files.write(
          folder.resolve(target.name() + "-" + Integer.toHexString(Arrays.hashCode(input))), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
