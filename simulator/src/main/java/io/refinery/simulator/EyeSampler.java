package io.refinery.simulator;

import java.util.SplittableRandom;

/**
 * Samples random eyes. The eye at index {@code i} depends only on the seed and {@code i}, not on
 * how many are sampled or by which thread.
 */
public final class EyeSampler {

  private final long seed;

  public EyeSampler(long seed) {
    this.seed = seed;
  }

  /** Returns the eye at this index, 0 or more. */
  public EyeParameters eye(long index) {
    SplittableRandom random = new SplittableRandom(Noise.mix(Noise.mix(seed) + index));
    EyeParameters.Gaze gaze =
        new EyeParameters.Gaze(bell(random, 0, 0.27, 0.62), bell(random, 0.04, 0.20, 0.45));
    EyeParameters.Iris iris = iris(random);
    return new EyeParameters(
        gaze,
        iris,
        lids(random, gaze, iris),
        tones(random),
        light(random),
        framing(random),
        random.nextLong());
  }

  private static EyeParameters.Iris iris(SplittableRandom random) {
    double radius = between(random, 5.6, 6.3);
    double pupil = between(random, 1.7, 3.6);
    return new EyeParameters.Iris(
        radius, pupil, bell(random, 0, 0.15, 0.3), bell(random, -0.05, 0.1, 0.3));
  }

  /**
   * Samples lids that follow the eye up and down, and usually leave the centre of the pupil
   * visible.
   */
  private static EyeParameters.Lids lids(
      SplittableRandom random, EyeParameters.Gaze gaze, EyeParameters.Iris iris) {
    double drop = 10.4 * Math.sin(gaze.pitch());
    double upper = between(random, 3.6, 6.4) - 0.8 * drop;
    double lower = between(random, 4.8, 6.6) + 0.45 * drop;
    double open = -drop + between(random, 0.3, 1.0) * iris.pupilRadius();
    upper = Math.max(upper, open);
    lower = Math.max(lower, drop + 0.6 * iris.pupilRadius());
    return new EyeParameters.Lids(
        between(random, 28.5, 32),
        upper,
        Math.max(lower, 2.5 - upper),
        bell(random, 0.05, 0.05, 0.16),
        between(random, 1.6, 4.2));
  }

  private static EyeParameters.Tones tones(SplittableRandom random) {
    double skin = between(random, 0.42, 0.82);
    return new EyeParameters.Tones(
        skin,
        between(random, 0.80, 0.95),
        between(random, 0.20, 0.46),
        between(random, 0.03, 0.08));
  }

  private static EyeParameters.Light light(SplittableRandom random) {
    return new EyeParameters.Light(
        bell(random, 0, 0.5, 1.1),
        bell(random, 0.5, 0.3, 1.1),
        between(random, 0.45, 0.75),
        between(random, 0.45, 0.95));
  }

  private static EyeParameters.Framing framing(SplittableRandom random) {
    return new EyeParameters.Framing(
        between(random, 30, 38),
        bell(random, 0, 1.0, 2.4),
        bell(random, 0, 0.8, 2.0),
        bell(random, 0, 0.13, 0.35),
        random.nextBoolean());
  }

  private static double between(SplittableRandom random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  /**
   * Returns a value around {@code middle} with about this {@code spread}, at most {@code limit}
   * away.
   */
  private static double bell(SplittableRandom random, double middle, double spread, double limit) {
    double offset = Noise.gaussian(random) * spread;
    return middle + Math.max(-limit, Math.min(limit, offset));
  }
}
