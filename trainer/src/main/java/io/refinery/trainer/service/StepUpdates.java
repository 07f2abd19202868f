package io.refinery.trainer.service;

import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.CheckpointSkipped;
import io.refinery.trainer.event.TrainingEvent.Checkpointed;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.Evaluating;
import io.refinery.trainer.event.TrainingEvent.Finding;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Resumed;
import io.refinery.trainer.event.TrainingEvent.Started;
import io.refinery.trainer.plan.Schedule.Phase;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns the events of a training into status updates, with at most one update per second about
 * steps.
 */
final class StepUpdates implements Consumer<TrainingEvent> {

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final int KEPT_EVERY = 10;

  private final TrainingUpdatePublisher updates;
  private final Consumer<TrainingUpdate.Step> steps;
  private long lastTold = System.nanoTime() - PAUSE;
  private int told;

  /**
   * @param steps receives every step
   */
  StepUpdates(TrainingUpdatePublisher updates, Consumer<TrainingUpdate.Step> steps) {
    this.updates = updates;
    this.steps = steps;
  }

  @Override
  public void accept(TrainingEvent event) {
    if (event instanceof Started started) {
      updates.keep(
          updates.update(State.STARTED, started.engine() + " on " + started.device() + "."));
    } else if (event instanceof Resumed resumed) {
      updates.sendBestEffort(
          updates.update(
              State.STARTED,
              "Resumed after step %d of %d.".formatted(resumed.completed(), resumed.of())));
    } else if (event instanceof CheckpointSkipped skipped) {
      updates.sendBestEffort(updates.update(State.WARNING, skipped.sentence()));
    } else if (event instanceof Checkpointed stored) {
      updates.keep(
          updates.update(
              State.CHECKPOINT,
              "After step %d of %d of all phases.".formatted(stored.completed(), stored.of())));
    } else if (event instanceof Evaluating) {
      updates.keep(updates.update(State.EVALUATING, "All steps are done."));
    } else if (event instanceof Finding finding && !finding.fatal()) {
      updates.sendBestEffort(updates.update(State.WARNING, finding.summary()));
    } else if (event instanceof TrainingEvent.Step step) {
      step(step);
    }
  }

  private void step(TrainingEvent.Step step) {
    TrainingUpdate.Step done =
        new TrainingUpdate.Step(
            step.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            step.number(),
            step.of(),
            losses(step));
    updates.at(done);
    steps.accept(done);
    if (System.nanoTime() - lastTold < PAUSE && step.number() < step.of()) {
      return;
    }
    lastTold = System.nanoTime();
    TrainingUpdate update =
        updates.update(
            step.phase() == Phase.ADVERSARIAL ? State.TRAINING : State.PRE_TRAINING,
            "Step %d of %d.".formatted(step.number(), step.of()));
    if (told++ % KEPT_EVERY == 0) {
      updates.keep(update);
    } else {
      updates.sendBestEffort(update);
    }
  }

  private static Map<String, Double> losses(TrainingEvent.Step step) {
    Map<String, Double> losses = new LinkedHashMap<>();
    if (step instanceof RefinerPretrained pretrained) {
      losses.put("refiner.self-regularisation", pretrained.selfRegularisation());
    } else if (step instanceof DiscriminatorPretrained pretrained) {
      losses.put("discriminator.loss", pretrained.discriminator().total());
    } else if (step instanceof AdversarialStep both) {
      losses.put("refiner.loss", both.refiner().total());
      losses.put("refiner.adversarial", both.refiner().adversarial());
      losses.put("refiner.self-regularisation", both.refiner().selfRegularisation());
      losses.put("discriminator.loss", both.discriminator().total());
    }
    losses.values().removeIf(loss -> !Double.isFinite(loss));
    return losses;
  }
}
