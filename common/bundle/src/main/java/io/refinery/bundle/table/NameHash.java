package io.refinery.bundle.table;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A hash of text for which nobody can choose texts that collide: a polynomial at a random place,
 * modulo the prime 2^61 - 1. {@link String#hashCode} is the same for {@code Aa} and {@code BB}.
 */
final class NameHash {

  private static final long PRIME = (1L << 61) - 1;

  private final long place = ThreadLocalRandom.current().nextLong(1L << 32, PRIME);

  /** Returns 61 bits. */
  long of(String text) {
    long hash = 1;
    for (int i = 0; i < text.length(); i++) {
      hash = reduced(product(hash, place) + text.charAt(i));
    }
    return hash;
  }

  /** Returns a product modulo the prime, or the prime itself for zero. */
  private static long product(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return reduced((low & PRIME) + ((low >>> 61) | (high << 3)));
  }

  private static long reduced(long value) {
    return value >= PRIME ? value - PRIME : value;
  }
}
