package io.refinery.trainer.event;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.registry.ModelVersion;
import io.refinery.trainer.plan.Schedule.Phase;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** What a training tells whoever watches it. */
public sealed interface TrainingEvent {

  /** Engine and device are chosen, the data is open: the first step comes next. */
  record Started(TrainingPlan plan, String engine, String device) implements TrainingEvent {}

  /**
   * It goes on from a checkpoint.
   *
   * @param completed steps of all phases that are behind
   * @param of steps of all phases
   */
  record Resumed(long completed, long of) implements TrainingEvent {}

  /**
   * A checkpoint was stored: from here it can go on, in another process too.
   *
   * @param completed steps of all phases that are behind
   * @param of steps of all phases
   */
  record Checkpointed(long completed, long of) implements TrainingEvent {}

  /**
   * A guard has found something.
   *
   * @param fatal whether the training ends with it
   * @param sentence what was seen, at which step, and what may help
   */
  record Finding(Guard guard, boolean fatal, String sentence) implements TrainingEvent {}

  /** What can go wrong in an adversarial training without anybody noticing. */
  enum Guard {
    /** A loss or a weight is NaN or infinite. */
    NOT_FINITE,
    /** D tells nearly every patch right. */
    DISCRIMINATOR_WINS,
    /** D does worse than chance. */
    DISCRIMINATOR_LOSES,
    /** Refined images resemble each other far more than their inputs do. */
    COLLAPSE,
    /** Refined images hardly differ from their inputs. */
    UNCHANGED;

    /** Such as {@code discriminator-wins}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Every step is done.
   *
   * @param speed over all steps, those before a resume too
   */
  record Trained(Speed speed) implements TrainingEvent {}

  /**
   * How fast steps were, checkpoints and previews included.
   *
   * @param steps of all phases
   * @param seconds that they took
   * @param waited of those seconds, for images to be decoded
   */
  record Speed(long steps, double seconds, double waited) {
    public double stepsPerSecond() {
      return steps / seconds;
    }

    /** Share of the time that the step loop waited for data. */
    public double waitShare() {
      return waited / seconds;
    }
  }

  /** The version is being judged. */
  record Evaluating() implements TrainingEvent {}

  /** A step of one phase is done; losses are those before its updates. */
  sealed interface Step extends TrainingEvent {

    Phase phase();

    /** From 1 to {@link #of}, within the phase. */
    int number();

    /** Steps that the phase has. */
    int of();

    /** Its losses, none left out. */
    DoubleStream losses();
  }

  /**
   * @param selfRegularisation mean or sum of |R(x) - x|, as the plan's losses say; not weighted
   */
  record RefinerPretrained(int number, int of, double selfRegularisation) implements Step {
    @Override
    public Phase phase() {
      return Phase.REFINER_PRETRAINING;
    }

    @Override
    public DoubleStream losses() {
      return DoubleStream.of(selfRegularisation);
    }
  }

  /** D was updated once, on real images and on what the pre-trained R makes. */
  record DiscriminatorPretrained(int number, int of, DiscriminatorLoss discriminator)
      implements Step {
    @Override
    public Phase phase() {
      return Phase.DISCRIMINATOR_PRETRAINING;
    }

    @Override
    public DoubleStream losses() {
      return DoubleStream.of(discriminator.total(), discriminator.real(), discriminator.refined());
    }
  }

  /**
   * One step of Algorithm 1.
   *
   * @param refiner mean over the step's K_g updates
   * @param discriminator mean over the step's K_d updates
   */
  record AdversarialStep(int number, int of, RefinerLoss refiner, DiscriminatorLoss discriminator)
      implements Step {
    @Override
    public Phase phase() {
      return Phase.ADVERSARIAL;
    }

    @Override
    public DoubleStream losses() {
      return DoubleStream.of(
          refiner.adversarial(),
          refiner.selfRegularisation(),
          refiner.total(),
          discriminator.total(),
          discriminator.real(),
          discriminator.refined());
    }
  }

  /**
   * A picture of held-out images was written.
   *
   * @param step of Algorithm 1 that it was made after
   */
  record Previewed(int step, Path picture) implements TrainingEvent {}

  /** The version exists, and the channel {@code latest} points to it. */
  record Published(ModelVersion version) implements TrainingEvent {}
}
