package io.refinery.delivery;

import java.time.Duration;

/**
 * The number of tries of a request and the pauses between them.
 *
 * @param deliveries the most deliveries per message, at least 2; a request is tried one time less,
 *     since the last delivery only reports that the others failed
 * @param pause the pause before the second try; four times as long before each further one
 * @param longestPause the longest pause
 * @param outage how long a request stays with a service that waits out an outage, before others may
 *     have it
 */
public record Retries(int deliveries, Duration pause, Duration longestPause, Duration outage) {

  private static final int FACTOR = 4;

  /** Deliveries that are kept for handing a message on. */
  private static final int SPARED = 2;

  public Retries {
    if (deliveries < 2) {
      throw new IllegalArgumentException(
          "The number of deliveries must be at least 2, not " + deliveries);
    }
  }

  /** Returns the same pauses with another number of deliveries. */
  public Retries withDeliveries(int others) {
    return new Retries(others, pause, longestPause, outage);
  }

  /** Returns how often a request may fail, at least once. */
  int tries() {
    return deliveries - 1;
  }

  /**
   * Returns whether so few deliveries are left that the message must be replaced by a copy, which
   * has all of them: the broker drops a message after its last delivery.
   */
  boolean nearsItsEnd(int delivery) {
    return delivery >= Math.max(2, deliveries - SPARED);
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
