package io.refinery.benchmark;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Adds images per second to a benchmark whose operation is a batch. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class ImageCount {

  /** Images of this iteration. */
  public long images;

  @Setup(Level.Iteration)
  public void forget() {
    images = 0;
  }
}
