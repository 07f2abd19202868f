package io.refinery.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Chooses between settings by measuring them on this machine. */
public final class Autotuner {

  private Autotuner() {}

  /**
   * Returns the candidate that takes the least time; on a tie, the first.
   *
   * @param candidates at least one; a single one is not run
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
   * Returns the cheapest candidate. Runs every candidate once to warm up and {@code rounds} times
   * measured, taking turns, so that other load on the machine affects all of them. A candidate's
   * lowest cost counts, since other load can only make a run dearer.
   *
   * @param candidates at least one, in order of preference; a single one is not run
   * @param rounds at least 1
   * @param gain by what share of the cost a candidate must be cheaper than an earlier one, in [0,
   *     1)
   * @param run runs a candidate and returns its cost
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
