package io.refinery.worker;

import io.refinery.telemetry.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The working times of one job's stages, without their waits for each other. When it is closed, it
 * records a span for each stage, from its first to its last work.
 */
final class Stages implements AutoCloseable {

  /** The stages of a job, in order. */
  enum Stage {
    MODEL,
    FETCH,
    DECODE,
    REFINE,
    ENCODE,
    STORE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Work that may throw. */
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** What a stage has done so far; guarded by itself. */
  private static final class StageWork {
    private Optional<Instant> start = Optional.empty();
    private long firstNanos;
    private long lastNanos;
    private long worked;
    private int times;
    private Optional<Throwable> failure = Optional.empty();

    synchronized void add(long from, long to, Optional<Throwable> failed) {
      if (start.isEmpty()) {
        start = Optional.of(Instant.now().minusNanos(to - from));
        firstNanos = from;
      }
      lastNanos = to;
      worked += to - from;
      times++;
      failure = failed;
    }

    synchronized long worked() {
      return worked;
    }

    synchronized void trace(Stage stage) {
      start.ifPresent(
          at ->
              Tracing.record(
                  stage.label(),
                  at,
                  Duration.ofNanos(lastNanos - firstNanos),
                  Map.of("refinery.times", times, "refinery.worked.seconds", worked / 1e9),
                  failure));
    }
  }

  private final WorkerMetrics metrics;
  private final StageProgress progress;
  private final Map<Stage, StageWork> stages = new EnumMap<>(Stage.class);
  private final long began = System.nanoTime();

  /**
   * @param progress told when a piece of a stage begins and ends
   */
  Stages(WorkerMetrics metrics, StageProgress progress) {
    this.metrics = metrics;
    this.progress = progress;
    for (Stage stage : Stage.values()) {
      stages.put(stage, new StageWork());
    }
  }

  StageProgress progress() {
    return progress;
  }

  <T, E extends Exception> T time(Stage stage, Work<T, E> work) throws E {
    progress.begins(stage);
    long start = System.nanoTime();
    Optional<Throwable> failure = Optional.empty();
    try {
      return work.run();
    } catch (Throwable e) {
      failure = Optional.of(e);
      throw e;
    } finally {
      long end = System.nanoTime();
      progress.ends(stage);
      stages.get(stage).add(start, end, failure);
      metrics.worked(stage, end - start);
    }
  }

  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    stages.forEach(
        (stage, work) ->
            seconds.put(stage.label(), TimeUnit.NANOSECONDS.toMicros(work.worked()) / 1e6));
    return Collections.unmodifiableMap(seconds);
  }

  /** Ends the attempt at the job, on the thread of its delivery. */
  @Override
  public void close() {
    stages.forEach((stage, work) -> work.trace(stage));
    metrics.attempted(System.nanoTime() - began);
  }
}
