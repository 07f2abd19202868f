package io.refinery.trainer.plan;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Derives many independent random streams from one seed. A stream is identified by a number, so a
 * checkpoint needs only that number, not a generator's internal state.
 */
public final class Seeds {

  /** Odd, and unrelated to SplittableRandom's own increment, with which streams would overlap. */
  private static final long SPREAD = 0xD1342543DE82EF95L;

  private Seeds() {}

  /** The seed of the {@code number}-th stream of {@code seed}. */
  public static long derive(long seed, long number) {
    return new SplittableRandom(seed ^ (number * SPREAD)).nextLong();
  }

  /** The {@code number}-th stream of {@code seed}, at its start. */
  public static SplittableRandom stream(long seed, long number) {
    return new SplittableRandom(derive(seed, number));
  }

  /** {@code count} different numbers from 0 to {@code size - 1}, in random order. */
  public static int[] distinct(SplittableRandom random, int count, int size) {
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = i;
    }
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i, size);
      int taken = all[other];
      all[other] = all[i];
      all[i] = taken;
    }
    return Arrays.copyOf(all, count);
  }
}
