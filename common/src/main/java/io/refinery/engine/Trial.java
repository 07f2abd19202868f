package io.refinery.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Chooses between settings by trying them on the machine as it is. */
public final class Trial {

  private Trial() {}

  /**
   * Runs every candidate once unmeasured and {@code rounds} times measured, in turns, so that what
   * else the machine does meets all of them.
   *
   * @param candidates at least one; the only one is not run
   * @param rounds at least 1
   * @return the one whose shortest time is least, since nothing but itself can make a run short; of
   *     equals the first
   */
  public static <T> T fastest(List<T> candidates, int rounds, Consumer<T> run) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    candidates.forEach(run);
    Map<T, Long> shortest = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (T candidate : candidates) {
        long start = System.nanoTime();
        run.accept(candidate);
        shortest.merge(candidate, System.nanoTime() - start, Math::min);
      }
    }
    return Collections.min(shortest.entrySet(), Map.Entry.comparingByValue()).getKey();
  }
}
