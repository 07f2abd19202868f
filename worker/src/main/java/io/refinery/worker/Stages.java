package io.refinery.worker;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The working times of one job's stages, without their waits for each other. */
final class Stages {

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

  private final WorkerMetrics metrics;
  private final Map<Stage, LongAdder> nanos = new EnumMap<>(Stage.class);

  Stages(WorkerMetrics metrics) {
    this.metrics = metrics;
    for (Stage stage : Stage.values()) {
      nanos.put(stage, new LongAdder());
    }
  }

  <T, E extends Exception> T time(Stage stage, Work<T, E> work) throws E {
    long start = System.nanoTime();
    try {
      return work.run();
    } finally {
      long spent = System.nanoTime() - start;
      nanos.get(stage).add(spent);
      metrics.worked(stage, spent);
    }
  }

  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    nanos.forEach(
        (stage, spent) ->
            seconds.put(stage.label(), TimeUnit.NANOSECONDS.toMicros(spent.sum()) / 1e6));
    return Collections.unmodifiableMap(seconds);
  }
}
