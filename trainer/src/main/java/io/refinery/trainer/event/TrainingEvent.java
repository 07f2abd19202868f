package io.refinery.trainer.event;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.registry.ModelVersion;
import io.refinery.trainer.plan.Schedule.Phase;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** An event that a training reports to its listener. */
public sealed interface TrainingEvent {

  /** Engine and device are chosen and the data is open; the first step is next. */
  record Started(TrainingPlan plan, String engine, String device) implements TrainingEvent {}

  /**
   * The training resumes from a checkpoint.
   *
   * @param completed finished steps of all phases
   * @param of total steps of all phases
   */
  record Resumed(long completed, long of) implements TrainingEvent {}

  /**
   * A checkpoint was stored, from which any process can resume.
   *
   * @param completed finished steps of all phases
   * @param of total steps of all phases
   */
  record Checkpointed(long completed, long of) implements TrainingEvent {}

  /**
   * A damaged checkpoint was passed over.
   *
   * @param sentence which one, and why
   */
  record CheckpointSkipped(String sentence) implements TrainingEvent {}

  /**
   * A guard found something.
   *
   * @param fatal whether the training ends with it
   * @param sentence what was seen, where or at which step, and what may help
   */
  record Finding(Guard guard, boolean fatal, String sentence) implements TrainingEvent {

    /** Such as {@code collapse: Refined images collapsed by step 200: ...}. */
    public String summary() {
      return guard + ": " + sentence;
    }
  }

  /** What can go wrong unnoticed: first in the domains, then in adversarial training. */
  enum Guard {
    /** Images of one plain colour, or a domain of one image. */
    CONSTANT_IMAGES,
    /** Too few images to judge a version, or fewer than a mini-batch. */
    TOO_FEW_IMAGES,
    /** Exact copies within a domain. */
    DUPLICATE_IMAGES,
    /** Images that are in both domains. */
    SHARED_IMAGES,
    /** Domains whose brightness or contrast is far apart. */
    DIFFERENT_TONE,
    /** A loss or a weight is NaN or infinite. */
    NOT_FINITE,
    /** D classifies nearly every patch correctly. */
    DISCRIMINATOR_WINS,
    /** D does worse than chance. */
    DISCRIMINATOR_LOSES,
    /** Refined images resemble each other far more than their inputs do. */
    COLLAPSE,
    /** Far more pixels are black or white in refined images than in others. */
    SATURATION,
    /** Refined images hardly differ from their inputs. */
    UNCHANGED;

    /** Such as {@code discriminator-wins}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * All steps are done.
   *
   * @param speed over all steps, including those before a resume
   */
  record Trained(Speed speed) implements TrainingEvent {}

  /**
   * The speed of the steps, including checkpoints and previews.
   *
   * @param steps of all phases
   * @param seconds that they took
   * @param waited of those, seconds spent waiting for images
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

  /** The version is being evaluated. */
  record Evaluating() implements TrainingEvent {}

  /** A step of one phase is done; losses are those before its updates. */
  sealed interface Step extends TrainingEvent {

    Phase phase();

    /** From 1 to {@link #of}, within the phase. */
    int number();

    /** Total steps of the phase. */
    int of();

    /** All its losses. */
    DoubleStream losses();
  }

  /**
   * @param selfRegularisation mean or sum of |R(x) - x|, as the plan's losses specify; unweighted
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

  /** D was updated once, on real images and on images refined by the pre-trained R. */
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
   * @param step of Algorithm 1 after which it was made
   */
  record Previewed(int step, Path picture) implements TrainingEvent {}

  /** The version exists, and the channel {@code latest} points to it. */
  record Published(ModelVersion version) implements TrainingEvent {}
}
