package io.refinery.broker;

import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The records of one partition that were taken, and how far its offset may be committed: up to the
 * first record that has not ended, since everything before a committed offset is done for the
 * group. Used by one thread.
 */
final class PartitionProgress {

  /** A crash repeats the records behind one that has not ended, so there must not be many. */
  static final int MOST_AHEAD = 1_000;

  private final NavigableSet<Long> open = new TreeSet<>();
  private long next = -1;
  private long committed = -1;

  /** Notes that a record was taken. */
  void take(long offset) {
    if (committed < 0) {
      committed = offset;
    }
    open.add(offset);
    next = Math.max(next, offset + 1);
  }

  /** Notes that a record has ended and must not be delivered again. */
  void end(long offset) {
    open.remove(offset);
  }

  /** Returns whether a record was taken and has not ended. */
  boolean isOpen(long offset) {
    return open.contains(offset);
  }

  /** Returns the offset to commit; empty if it is committed. */
  OptionalLong committable() {
    long offset = open.isEmpty() ? next : open.first();
    return offset > committed ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  void committed(long offset) {
    committed = offset;
  }

  /** Returns whether so many records were taken behind an open one that no more should be. */
  boolean isFarAhead() {
    return !open.isEmpty() && next - open.first() > MOST_AHEAD;
  }
}
