package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AutotunerTest {

  @Test
  void theFastestCandidateIsChosen() {
    List<Integer> millis = List.of(40, 0, 20);
    assertThat(Autotuner.fastest(millis, 3, AutotunerTest::spend)).isZero();
  }

  @Test
  void aLaterCandidateIsChosenOnlyForASufficientGain() {
    List<Integer> costs = List.of(30, 20);
    assertThat(Autotuner.cheapest(costs, 1, 0, Integer::longValue)).isEqualTo(20);
    assertThat(Autotuner.cheapest(costs, 1, 0.3, Integer::longValue)).isEqualTo(20);
    assertThat(Autotuner.cheapest(costs, 1, 0.34, Integer::longValue)).isEqualTo(30);
  }

  @Test
  void aCandidatesLowestCostCounts() {
    Iterator<Long> costs = List.of(0L, 0L, 5L, 4L, 3L, 9L).iterator();
    assertThat(Autotuner.cheapest(List.of("a", "b"), 2, 0, one -> costs.next())).isEqualTo("a");
  }

  @Test
  void candidatesTakeTurns() {
    List<String> runs = new ArrayList<>();
    var unused = Autotuner.fastest(List.of("a", "b"), 3, runs::add);
    assertThat(runs).containsExactly("a", "b", "a", "b", "a", "b", "a", "b");
  }

  @Test
  void aSingleCandidateIsNotRun() {
    List<String> runs = new ArrayList<>();
    assertThat(Autotuner.fastest(List.of("a"), 3, runs::add)).isEqualTo("a");
    assertThat(runs).isEmpty();
  }

  private static void spend(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
