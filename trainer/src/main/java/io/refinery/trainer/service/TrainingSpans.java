package io.refinery.trainer.service;

import io.refinery.telemetry.Tracing;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.Evaluating;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.event.TrainingEvent.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Records a span for each phase of a training: {@code prepare}, the phases of its steps, and {@code
 * evaluate}, which includes the publication. Used on the training's thread.
 */
final class TrainingSpans implements Consumer<TrainingEvent>, AutoCloseable {

  private final Consumer<TrainingEvent> listener;
  private String phase = "prepare";
  private Instant start = Instant.now();
  private long startNanos = System.nanoTime();
  private int steps;

  /**
   * @param listener receives every event, too
   */
  TrainingSpans(Consumer<TrainingEvent> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(TrainingEvent event) {
    if (event instanceof Started) {
      enter("train");
    } else if (event instanceof Step step) {
      enter(step.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      steps++;
    } else if (event instanceof Evaluating) {
      enter("evaluate");
    }
    listener.accept(event);
  }

  private void enter(String next) {
    if (next.equals(phase)) {
      return;
    }
    // The first step is over when it is reported, so its phase began when the training started.
    if (!phase.equals("train")) {
      end();
      start = Instant.now();
      startNanos = System.nanoTime();
    }
    phase = next;
    steps = 0;
  }

  private void end() {
    Tracing.record(
        phase,
        start,
        Duration.ofNanos(System.nanoTime() - startNanos),
        Map.of("refinery.steps", steps),
        Optional.empty());
  }

  /** Ends the last phase. */
  @Override
  public void close() {
    end();
  }
}
