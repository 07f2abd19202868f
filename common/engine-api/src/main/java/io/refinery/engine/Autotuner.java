package io.refinery.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Chooses between settings by trying them on the machine as it is. */
public final class Autotuner {

  private Autotuner() {}

  /**
   * The candidate that takes least time; of equals the first.
   *
   * @param candidates at least one; the only one is not run
   * @param rounds at least 1
   */
  public static <T> T fastest(List<T> candidates, int rounds, Consumer<T> run) {
    return cheapest(
        candidates,
        rounds,
        0,
        candidate -> {
          long start = System.nanoTime();
          run.accept(candidate);
          return System.nanoTime() - start;
        });
  }

  /**
   * Runs every candidate once unmeasured and {@code rounds} times measured, in turns, so that what
   * else the machine does meets all of them. Of a candidate's costs the least counts, since nothing
   * but itself can make a run cheap.
   *
   * @param candidates at least one, those to be preferred first; the only one is not run
   * @param rounds at least 1
   * @param gain share of its cost by which a candidate is to be cheaper than one before it, in [0,
   *     1)
   * @param run runs a candidate, and gives what it cost
   */
  public static <T> T cheapest(List<T> candidates, int rounds, double gain, ToLongFunction<T> run) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    Map<T, Long> least = new HashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (T candidate : candidates) {
        long cost = run.applyAsLong(candidate);
        if (round > 0) {
          least.merge(candidate, cost, Math::min);
        }
      }
    }
    double enough = Collections.min(least.values()) / (1 - gain);
    return candidates.stream()
        .filter(candidate -> least.get(candidate) <= enough)
        .findFirst()
        .orElseThrow();
  }
}
