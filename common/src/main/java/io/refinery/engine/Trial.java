package io.refinery.engine;

import java.util.ArrayList;
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
   * @param rounds odd
   * @return the one whose median time is least; of equals the first
   */
  public static <T> T fastest(List<T> candidates, int rounds, Consumer<T> run) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    candidates.forEach(run);
    Map<T, List<Long>> times = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (T candidate : candidates) {
        long start = System.nanoTime();
        run.accept(candidate);
        long spent = System.nanoTime() - start;
        times.computeIfAbsent(candidate, key -> new ArrayList<>()).add(spent);
      }
    }
    times.values().forEach(Collections::sort);
    return Collections.min(
            times.entrySet(),
            Map.Entry.comparingByValue((a, b) -> Long.compare(median(a), median(b))))
        .getKey();
  }

  private static long median(List<Long> sorted) {
    return sorted.get(sorted.size() / 2);
  }
}
