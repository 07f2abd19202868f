package io.refinery.worker;

import io.refinery.worker.Stages.Stage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Tells when a try of a job last made progress: when a piece of a stage, such as a batch, began or
 * ended.
 *
 * <p>Fetching and storing always make progress, since the store's client fails when no byte moves.
 * So does waiting for another job on the engine, which has a watch of its own.
 */
final class StageProgress {

  private static final Set<Stage> TIMED_BY_CLIENT = Set.of(Stage.FETCH, Stage.STORE);

  private final LongSupplier nanos;
  private final Map<Stage, Integer> running = new EnumMap<>(Stage.class);
  private long last;
  private boolean waiting;

  /**
   * @param nanos returns the time, in nanoseconds
   */
  StageProgress(LongSupplier nanos) {
    this.nanos = nanos;
    last = nanos.getAsLong();
  }

  /** A piece of a stage begins. */
  synchronized void begins(Stage stage) {
    running.merge(stage, 1, Integer::sum);
    resumes();
  }

  /** A piece of a stage has ended. */
  synchronized void ends(Stage stage) {
    running.computeIfPresent(stage, (unused, pieces) -> pieces == 1 ? null : pieces - 1);
    resumes();
  }

  /** The try waits for its turn on the engine. */
  synchronized void waits() {
    waiting = true;
  }

  /** The try has its turn on the engine. */
  synchronized void hasTurn() {
    waiting = false;
    resumes();
  }

  /** Forgets the time that has passed without progress. */
  synchronized void resumes() {
    last = nanos.getAsLong();
  }

  /** Returns for how long there has been no progress. */
  synchronized Duration standstill() {
    boolean moves = waiting || TIMED_BY_CLIENT.stream().anyMatch(running::containsKey);
    return moves ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - last);
  }

  /** Returns the names of the stages that are running, for a sentence. */
  synchronized String where() {
    return running.isEmpty()
        ? "no stage"
        : running.keySet().stream()
            .map(stage -> "the stage '" + stage.label() + "'")
            .collect(Collectors.joining(" and "));
  }
}
