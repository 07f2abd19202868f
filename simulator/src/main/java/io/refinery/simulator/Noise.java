package io.refinery.simulator;

import java.util.SplittableRandom;

/** Random fields determined by a seed. */
final class Noise {

  private final long seed;

  Noise(long seed) {
    this.seed = mix(seed);
  }

  /** Returns smooth noise in [-1, 1] with features about one unit wide. */
  double at(double x, double y) {
    long column = (long) Math.floor(x);
    long row = (long) Math.floor(y);
    double right = smooth(x - column);
    double down = smooth(y - row);
    double above = lerp(knot(column, row), knot(column + 1, row), right);
    double below = lerp(knot(column, row + 1), knot(column + 1, row + 1), right);
    return lerp(above, below, down);
  }

  /**
   * Returns three octaves of {@link #at}, each half as wide and strong as the last, in about [-1,
   * 1].
   */
  double fractal(double x, double y) {
    return (at(x, y) + 0.5 * at(2 * x + 17, 2 * y + 5) + 0.25 * at(4 * x + 41, 4 * y + 29)) / 1.3;
  }

  /** The mixing function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Returns an approximately standard normal value; four uniforms are close enough for an image.
   */
  static double gaussian(SplittableRandom random) {
    double sum = random.nextDouble() + random.nextDouble();
    sum += random.nextDouble() + random.nextDouble();
    return (sum - 2) * Math.sqrt(3);
  }

  private double knot(long column, long row) {
    long hash = mix(seed ^ (column * 0x9E3779B97F4A7C15L + row * 0xC2B2AE3D27D4EB4FL));
    return (hash >> 11) * 0x1.0p-52;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double lerp(double from, double to, double share) {
    return from + share * (to - from);
  }
}
