package io.refinery.trainer.plan;

import io.refinery.engine.AdversarialPair;

/**
 * How much of what Algorithm 1 (arXiv 1612.07828) does, and in which portions.
 *
 * @param batch images in a mini-batch, b; at least 2; of an odd number the smaller half comes from
 *     the history buffer. Default 8: small batches move further in the same time on a processor.
 *     Paper: 512
 * @param refinerPretraining updates of R on the self-regularisation term alone, before all else; 0
 *     or more. Default 150. Paper: 1,000 (eyes)
 * @param discriminatorPretraining updates of D on mini-batches of real and refined images, after
 *     that; 0 or more. Default 100. Paper: 200 (eyes)
 * @param steps of Algorithm 1 itself, T; 0 or more. Default 800. The paper gives none for eyes
 * @param refinerUpdates of a step, K_g, each on fresh synthetic images; at least 1. Default 2.
 *     Paper: 2 ("update R twice"), elsewhere 50, which collapses in practice
 * @param discriminatorUpdates of a step, K_d; at least 1. Default 1. Paper: 1
 * @param historySize images that the history buffer holds, B; 0 for no history, else at least half
 *     a mini-batch. Default 400. The paper gives none; ports take 50 to 100 mini-batches
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
          "historySize is 0 or at least half a mini-batch ("
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

  /** The phase that comes after {@code completed} of all steps; {@code completed < total()}. */
  public Phase phaseAfter(long completed) {
    if (completed < refinerPretraining) {
      return Phase.REFINER_PRETRAINING;
    }
    return completed < (long) refinerPretraining + discriminatorPretraining
        ? Phase.DISCRIMINATOR_PRETRAINING
        : Phase.ADVERSARIAL;
  }

  /** How many steps of {@code phase} are behind after {@code completed} of all steps. */
  public int stepsBehind(Phase phase, long completed) {
    long before =
        switch (phase) {
          case REFINER_PRETRAINING -> 0;
          case DISCRIMINATOR_PRETRAINING -> refinerPretraining;
          case ADVERSARIAL -> (long) refinerPretraining + discriminatorPretraining;
        };
    return Math.toIntExact(completed - before);
  }

  /** The parts of a training, in their order. */
  public enum Phase {
    /** {@link AdversarialPair#pretrainRefiner}. */
    REFINER_PRETRAINING("pre-training the refiner"),
    /** {@link AdversarialPair#updateDiscriminator} on what the pre-trained R makes. */
    DISCRIMINATOR_PRETRAINING("pre-training the discriminator"),
    /** The steps of Algorithm 1. */
    ADVERSARIAL("adversarial training");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    /** For people. */
    @Override
    public String toString() {
      return words;
    }
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is at least " + least + ", not " + value);
    }
  }
}
