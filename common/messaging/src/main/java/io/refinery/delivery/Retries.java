package io.refinery.delivery;

import java.time.Duration;

/**
 * How often a request is tried, and how long the pauses are.
 *
 * @param deliveries how often a message is delivered at most, at least 2; the last delivery only
 *     reports that the others failed
 * @param pause before a second try; four times as long before each further one
 * @param longestPause the most that a pause grows to
 * @param outage how long an outage of broker or store is waited out with the request in hand before
 *     it counts as a failed try
 */
public record Retries(int deliveries, Duration pause, Duration longestPause, Duration outage) {

  private static final int FACTOR = 4;

  public Retries {
    if (deliveries < 2) {
      throw new IllegalArgumentException(
          "A message is delivered at least 2 times, not " + deliveries);
    }
  }

  /** The pause after this many failed tries, from 1. */
  Duration pauseAfter(int tries) {
    Duration next = pause;
    for (int i = 1; i < tries && next.compareTo(longestPause) < 0; i++) {
      next = next.multipliedBy(FACTOR);
    }
    return next.compareTo(longestPause) > 0 ? longestPause : next;
  }
}
