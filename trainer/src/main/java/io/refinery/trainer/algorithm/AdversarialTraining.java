package io.refinery.trainer.algorithm;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.image.ImageBatch;
import io.refinery.trainer.algorithm.TrainingOutcome.Cancelled;
import io.refinery.trainer.algorithm.TrainingOutcome.Completed;
import io.refinery.trainer.algorithm.TrainingOutcome.Paused;
import io.refinery.trainer.algorithm.TrainingOutcome.Stopped;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.feed.ImageSource;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.Schedule.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Algorithm 1 of arXiv 1612.07828 with its pre-training, for any engine.
 *
 * <p>Its state is that of its parts (networks, sources, history buffer) and the number of completed
 * steps. Not thread-safe.
 */
public final class AdversarialTraining {

  /** Receives every step. */
  @FunctionalInterface
  public interface StepListener {

    /**
     * Called after a step.
     *
     * @return a reason to stop, if there is one
     */
    Optional<String> done(Step step) throws IOException;
  }

  private static final int[] NOWHERE = {};

  private final AdversarialPair pair;
  private final ImageSource synthetic;
  private final ImageSource real;
  private final Schedule schedule;
  private final IntToDoubleFunction learningRateFactor;
  private final HistoryBuffer history;
  private long completed;

  /**
   * @param learningRateFactor factor on both learning rates after a number of steps of Algorithm 1
   */
  public AdversarialTraining(
      AdversarialPair pair,
      ImageSource synthetic,
      ImageSource real,
      Schedule schedule,
      IntToDoubleFunction learningRateFactor,
      HistoryBuffer history) {
    this.pair = pair;
    this.synthetic = synthetic;
    this.real = real;
    this.schedule = schedule;
    this.learningRateFactor = learningRateFactor;
    this.history = history;
  }

  /** Finished steps of all phases. */
  public long completed() {
    return completed;
  }

  /** Continues after this many steps; its parts must have been restored to that point. */
  public void resumeAfter(long steps) {
    completed = steps;
  }

  /**
   * Runs to the last step, or to the first one that gives a reason to stop.
   *
   * @param listener receives every step, on this thread
   * @param control polled before every step
   */
  public TrainingOutcome run(StepListener listener, Supplier<ControlSignal> control)
      throws BundleException, IOException {
    while (completed < schedule.total()) {
      ControlSignal signal = control.get();
      if (signal != ControlSignal.CONTINUE) {
        return signal == ControlSignal.PAUSE ? new Paused() : new Cancelled();
      }
      Step step = step();
      completed++;
      Optional<String> reason = listener.done(step);
      if (reason.isPresent()) {
        return new Stopped(reason.get());
      }
    }
    return new Completed();
  }

  private Step step() throws BundleException {
    Phase phase = schedule.phaseAfter(completed);
    int number = schedule.stepsBehind(phase, completed) + 1;
    int of = schedule.of(phase);
    return switch (phase) {
      case REFINER_PRETRAINING ->
          new RefinerPretrained(
              number, of, pair.pretrainRefiner(synthetic.next(batch())).getAsDouble());
      case DISCRIMINATOR_PRETRAINING ->
          new DiscriminatorPretrained(
              number,
              of,
              pair.updateDiscriminator(
                      real.next(batch()), synthetic.next(batch()), NOWHERE, NOWHERE)
                  .get());
      case ADVERSARIAL -> adversarialStep(number, of);
    };
  }

  private AdversarialStep adversarialStep(int number, int of) throws BundleException {
    pair.scaleLearningRates(learningRateFactor.applyAsDouble(number - 1));
    List<Supplier<RefinerLoss>> refiner = new ArrayList<>();
    for (int k = 0; k < schedule.refinerUpdates(); k++) {
      refiner.add(pair.updateRefiner(synthetic.next(batch())));
    }
    List<Supplier<DiscriminatorLoss>> discriminator = new ArrayList<>();
    for (int k = 0; k < schedule.discriminatorUpdates(); k++) {
      discriminator.add(updateDiscriminator());
    }
    return new AdversarialStep(
        number, of, meanOfRefiner(read(refiner)), meanOf(read(discriminator)));
  }

  private Supplier<DiscriminatorLoss> updateDiscriminator() throws BundleException {
    int half = batch() / 2;
    int[] recalled = history.holds(half) ? history.draw(half) : NOWHERE;
    ImageBatch reals = real.next(batch());
    ImageBatch synthetics = synthetic.next(batch() - recalled.length);
    return pair.updateDiscriminator(reals, synthetics, recalled, history.admit(half));
  }

  /** Waits for the device only once all updates of a step are queued. */
  private static <T> List<T> read(List<Supplier<T>> losses) {
    return losses.stream().map(Supplier::get).toList();
  }

  private int batch() {
    return schedule.batch();
  }

  private static RefinerLoss meanOfRefiner(List<RefinerLoss> losses) {
    return new RefinerLoss(
        mean(losses, RefinerLoss::adversarial),
        mean(losses, RefinerLoss::selfRegularisation),
        losses.get(0).lambda());
  }

  private static DiscriminatorLoss meanOf(List<DiscriminatorLoss> losses) {
    return new DiscriminatorLoss(
        mean(losses, DiscriminatorLoss::total),
        mean(losses, DiscriminatorLoss::real),
        mean(losses, DiscriminatorLoss::refined));
  }

  private static <T> double mean(List<T> losses, ToDoubleFunction<T> value) {
    return losses.stream().mapToDouble(value).sum() / losses.size();
  }
}
