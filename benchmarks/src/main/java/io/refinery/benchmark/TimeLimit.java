package io.refinery.benchmark;

import java.time.Duration;

/** The time limit of a benchmark. */
final class TimeLimit {

  private final Duration whole;
  private final long start = System.nanoTime();

  private long roundStart = start;
  private Duration longestRound = Duration.ZERO;

  TimeLimit(Duration whole) {
    this.whole = whole;
  }

  private Duration left() {
    return whole.minusNanos(System.nanoTime() - start);
  }

  /**
   * Returns the time limit of one measurement: at most two thirds of the total, so that one that
   * hangs leaves time for the others.
   */
  Duration patience() {
    Duration most = whole.multipliedBy(2).dividedBy(3);
    Duration left = left();
    return left.isNegative() ? Duration.ZERO : left.compareTo(most) < 0 ? left : most;
  }

  /** Ends a round, and returns whether there is time for another one as long as the longest. */
  boolean endRound() {
    long now = System.nanoTime();
    Duration round = Duration.ofNanos(now - roundStart);
    roundStart = now;
    longestRound = round.compareTo(longestRound) > 0 ? round : longestRound;
    return left().compareTo(longestRound) > 0;
  }
}
