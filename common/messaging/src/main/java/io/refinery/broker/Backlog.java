package io.refinery.broker;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * The messages that a group has not finished.
 *
 * @param records their number
 * @param oldest when the oldest of them was first appended to a topic; empty if there is none, or
 *     if it could not be read
 */
public record Backlog(long records, Optional<Instant> oldest) {

  /** Returns the messages of all backlogs. */
  public static Backlog of(Collection<Backlog> all) {
    return new Backlog(
        all.stream().mapToLong(Backlog::records).sum(),
        all.stream().flatMap(one -> one.oldest().stream()).min(Comparator.naturalOrder()));
  }
}
