package io.refinery.trainer.service;

import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
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

/** Turns what a training tells into notices: of its steps at most one a second. */
final class StepUpdates implements Consumer<TrainingEvent> {

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final int KEPT_EVERY = 10;

  private final TrainingUpdatePublisher voice;
  private final Consumer<TrainingUpdate.Step> steps;
  private long lastTold = System.nanoTime() - PAUSE;
  private int told;

  /**
   * @param steps gets every step
   */
  StepUpdates(TrainingUpdatePublisher voice, Consumer<TrainingUpdate.Step> steps) {
    this.voice = voice;
    this.steps = steps;
  }

  @Override
  public void accept(TrainingEvent event) {
    if (event instanceof Started started) {
      voice.keep(voice.notice(State.STARTED, started.engine() + " on " + started.device() + "."));
    } else if (event instanceof Resumed resumed) {
      voice.tell(
          voice.notice(
              State.STARTED,
              "It goes on after step %d of %d.".formatted(resumed.completed(), resumed.of())));
    } else if (event instanceof Checkpointed stored) {
      voice.keep(
          voice.notice(
              State.CHECKPOINT,
              "After step %d of %d of all phases.".formatted(stored.completed(), stored.of())));
    } else if (event instanceof Evaluating) {
      voice.keep(voice.notice(State.EVALUATING, "Every step is done."));
    } else if (event instanceof Finding finding && !finding.fatal()) {
      voice.tell(voice.notice(State.WARNING, finding.guard() + ": " + finding.sentence()));
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
    voice.at(done);
    steps.accept(done);
    if (System.nanoTime() - lastTold < PAUSE && step.number() < step.of()) {
      return;
    }
    lastTold = System.nanoTime();
    TrainingUpdate notice =
        voice.notice(
            step.phase() == Phase.ADVERSARIAL ? State.TRAINING : State.PRE_TRAINING,
            "Step %d of %d.".formatted(step.number(), step.of()));
    if (told++ % KEPT_EVERY == 0) {
      voice.keep(notice);
    } else {
      voice.tell(notice);
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
