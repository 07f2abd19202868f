package io.refinery.trainer.plan;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Makes many independent random streams of one seed. A stream is named by a number, so that whoever
 * goes on from a checkpoint needs that number alone, never a generator's inner state.
 */
public final class Seeds {

  /** Odd and unrelated to SplittableRandom's own increment, whose streams would overlap. */
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

  /** {@code count} different numbers out of 0 to {@code size - 1}, in random order. */
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
