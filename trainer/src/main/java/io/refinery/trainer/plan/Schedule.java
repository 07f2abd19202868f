package io.refinery.trainer.plan;

import io.refinery.engine.AdversarialPair;

/**
 * The number and the size of the steps of Algorithm 1 (arXiv 1612.07828) and its pre-training.
 *
 * @param batch images in a mini-batch, b; at least 2; if odd, the smaller half comes from the
 *     history buffer. Default 8: on a CPU, small batches make more progress in the same time.
 *     Paper: 512
 * @param refinerPretraining updates of R on the self-regularisation term alone, before anything
 *     else; 0 or more. Default 150. Paper: 1,000 (eyes)
 * @param discriminatorPretraining updates of D on mini-batches of real and refined images, after
 *     that; 0 or more. Default 100. Paper: 200 (eyes)
 * @param steps of Algorithm 1 itself, T; 0 or more. Default 800. The paper gives no number for eyes
 * @param refinerUpdates updates of R per step, K_g, each on fresh synthetic images; at least 1.
 *     Default 2. Paper: 2 ("update R twice"), elsewhere 50, which collapses in practice
 * @param discriminatorUpdates updates of D per step, K_d; at least 1. Default 1. Paper: 1
 * @param historySize capacity of the history buffer in images, B; 0 for no history, otherwise at
 *     least half a mini-batch. Default 400. The paper gives no size; ports use 50 to 100
 *     mini-batches
 */
public record Schedule(
    int batch,
    int refinerPretraining,
    int discriminatorPretraining,
    int steps,
    int refinerUpdates,
    int discriminatorUpdates,
    int historySize) {

  public static final Schedule DEFAULT = new Schedule(8, 150, 100, 800, 2, 1, 400);

  public Schedule {
    requireAtLeast(2, "batch", batch);
    requireAtLeast(0, "refinerPretraining", refinerPretraining);
    requireAtLeast(0, "discriminatorPretraining", discriminatorPretraining);
    requireAtLeast(0, "steps", steps);
    requireAtLeast(1, "refinerUpdates", refinerUpdates);
    requireAtLeast(1, "discriminatorUpdates", discriminatorUpdates);
    if (historySize != 0 && historySize < batch / 2) {
      throw new IllegalArgumentException(
          "historySize must be 0 or at least half a mini-batch ("
              + batch / 2
              + " images), not "
              + historySize);
    }
  }

  /** Steps of all three phases together. */
  public long total() {
    return (long) refinerPretraining + discriminatorPretraining + steps;
  }

  /** Steps of one phase. */
  public int of(Phase phase) {
    return switch (phase) {
      case REFINER_PRETRAINING -> refinerPretraining;
      case DISCRIMINATOR_PRETRAINING -> discriminatorPretraining;
      case ADVERSARIAL -> steps;
    };
  }

  /** The phase of the next step after {@code completed} steps; {@code completed < total()}. */
  public Phase phaseAfter(long completed) {
    if (completed < refinerPretraining) {
      return Phase.REFINER_PRETRAINING;
    }
    return completed < (long) refinerPretraining + discriminatorPretraining
        ? Phase.DISCRIMINATOR_PRETRAINING
        : Phase.ADVERSARIAL;
  }

  /** Finished steps of {@code phase} after {@code completed} steps of all phases. */
  public int stepsBehind(Phase phase, long completed) {
    long before =
        switch (phase) {
          case REFINER_PRETRAINING -> 0;
          case DISCRIMINATOR_PRETRAINING -> refinerPretraining;
          case ADVERSARIAL -> (long) refinerPretraining + discriminatorPretraining;
        };
    return Math.toIntExact(completed - before);
  }

  /** The parts of a training, in order. */
  public enum Phase {
    /** {@link AdversarialPair#pretrainRefiner}. */
    REFINER_PRETRAINING("pre-training the refiner"),
    /** {@link AdversarialPair#updateDiscriminator} on images refined by the pre-trained R. */
    DISCRIMINATOR_PRETRAINING("pre-training the discriminator"),
    /** The steps of Algorithm 1. */
    ADVERSARIAL("adversarial training");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    /** Human-readable. */
    @Override
    public String toString() {
      return words;
    }
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }
}
