package io.refinery.fuzz;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A parser of foreign bytes.
 *
 * @param seeds good input to start from
 * @param bytes the most bytes that reading one input may allocate
 * @param repair makes checksums of a mutated input fit again, so that it gets past them
 * @param reading throws only what breaks the parser's promise
 */
record FuzzTarget(
    String name, List<byte[]> seeds, long bytes, UnaryOperator<byte[]> repair, Reading reading) {

  FuzzTarget(String name, List<byte[]> seeds, long bytes, Reading reading) {
    this(name, seeds, bytes, UnaryOperator.identity(), reading);
  }

  FuzzTarget {
    seeds = List.copyOf(seeds);
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("There are no seeds for " + name);
    }
  }

  /** Reads one input. */
  @FunctionalInterface
  interface Reading {
    void read(byte[] input) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
