package io.refinery.delivery;

import java.time.Duration;

/**
 * The number of tries of a request and the pauses between them.
 *
 * @param deliveries the most deliveries per message, at least 2; the last one only reports that the
 *     others failed
 * @param pause the pause before the second try; four times as long before each further one
 * @param longestPause the longest pause
 * @param outage how long to wait out an outage of broker or store before it counts as a failed try
 */
public record Retries(int deliveries, Duration pause, Duration longestPause, Duration outage) {

  private static final int FACTOR = 4;

  public Retries {
    if (deliveries < 2) {
      throw new IllegalArgumentException(
          "The number of deliveries must be at least 2, not " + deliveries);
    }
  }

  /** Returns the pause after this number of failed tries, from 1. */
  Duration pauseAfter(int tries) {
    Duration next = pause;
    for (int i = 1; i < tries && next.compareTo(longestPause) < 0; i++) {
      next = next.multipliedBy(FACTOR);
    }
    return next.compareTo(longestPause) > 0 ? longestPause : next;
  }
}
