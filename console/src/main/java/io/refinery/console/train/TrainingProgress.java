package io.refinery.console.train;

import io.refinery.console.cli.Progress;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.plan.Schedule;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/** One bar a phase on the error output, with the losses of the last step. */
public final class TrainingProgress implements Consumer<TrainingEvent>, AutoCloseable {

  private Schedule.Phase phase;
  private ProgressBar bar;

  @Override
  public void accept(TrainingEvent event) {
    if (event instanceof TrainingEvent.Step step) {
      show(step);
    }
  }

  private void show(TrainingEvent.Step step) {
    if (step.phase() != phase) {
      close();
      phase = step.phase();
      bar = Progress.bar(name(step), step.of(), " steps");
    }
    bar.setExtraMessage(losses(step));
    bar.stepTo(step.number());
  }

  private static String name(TrainingEvent.Step step) {
    return switch (step.phase()) {
      case REFINER_PRETRAINING -> "Pre-training the refiner      ";
      case DISCRIMINATOR_PRETRAINING -> "Pre-training the discriminator";
      case ADVERSARIAL -> "Training both                 ";
    };
  }

  private static String losses(TrainingEvent.Step step) {
    if (step instanceof TrainingEvent.AdversarialStep both) {
      return " loss: refiner %.3f, discriminator %.3f"
          .formatted(both.refiner().total(), both.discriminator().total());
    }
    return " loss: %.3f".formatted(step.losses().findFirst().orElseThrow());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
