package io.refinery.console.train;

import io.refinery.console.cli.ProgressBars;
import io.refinery.message.TrainingUpdate;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.plan.Schedule;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/** Progress bars on standard error, one per phase, with the losses of the last step. */
public final class TrainingProgress implements Consumer<TrainingEvent>, AutoCloseable {

  private Schedule.Phase phase;
  private ProgressBar bar;

  @Override
  public void accept(TrainingEvent event) {
    if (event instanceof TrainingEvent.Step step) {
      show(step.phase(), step.number(), step.of(), losses(step));
    }
  }

  /** Shows a status update from a trainer in another process. */
  void show(TrainingUpdate update) {
    update
        .step()
        .filter(step -> !update.state().isLast())
        .ifPresent(
            step ->
                show(
                    Schedule.Phase.valueOf(step.phase().toUpperCase(Locale.ROOT).replace('-', '_')),
                    step.number(),
                    step.of(),
                    losses(step)));
  }

  private void show(Schedule.Phase current, int number, int of, String losses) {
    if (current != phase) {
      close();
      phase = current;
      bar = ProgressBars.bar(name(current), of, " steps");
    }
    bar.setExtraMessage(losses);
    bar.stepTo(number);
  }

  private static String name(Schedule.Phase phase) {
    return switch (phase) {
      case REFINER_PRETRAINING -> "Pre-training the refiner      ";
      case DISCRIMINATOR_PRETRAINING -> "Pre-training the discriminator";
      case ADVERSARIAL -> "Training both                 ";
    };
  }

  private static String losses(TrainingEvent.Step step) {
    if (step instanceof TrainingEvent.AdversarialStep both) {
      return losses(both.refiner().total(), both.discriminator().total());
    }
    return loss(step.losses().findFirst().orElseThrow());
  }

  private static String losses(TrainingUpdate.Step step) {
    Double refiner = step.losses().get("refiner.loss");
    Double discriminator = step.losses().get("discriminator.loss");
    if (refiner != null && discriminator != null) {
      return losses(refiner, discriminator);
    }
    return step.losses().values().stream().findFirst().map(TrainingProgress::loss).orElse("");
  }

  private static String losses(double refiner, double discriminator) {
    return " loss: refiner %.3f, discriminator %.3f".formatted(refiner, discriminator);
  }

  private static String loss(double loss) {
    return " loss: %.3f".formatted(loss);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
