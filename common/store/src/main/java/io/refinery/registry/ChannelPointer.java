package io.refinery.registry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a channel points, and how it came there.
 *
 * @param version number of the version, from 1
 * @param manifestSha256 hash of that version's manifest, 64 hexadecimal digits
 * @param moved when the channel came to point there
 * @param history its last {@value #KEPT} moves, the last one last; a pointer of an older release
 *     has none
 */
public record ChannelPointer(
    int version, String manifestSha256, Instant moved, List<ChannelMove> history) {

  /** Moves that are kept. */
  public static final int KEPT = 50;

  public ChannelPointer {
    if (version < 1) {
      throw new IllegalArgumentException("Versions count from 1, not " + version);
    }
    Objects.requireNonNull(manifestSha256, "manifestSha256");
    Objects.requireNonNull(moved, "moved");
    history = history == null ? List.of() : List.copyOf(history);
  }

  /** The move that brought it here, with its cause, who and why. */
  public Optional<ChannelMove> lastMove() {
    return history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
  }

  /**
   * The version that a rollback goes to: the one that served before the present one, those left out
   * that a rollback has left before.
   */
  public Optional<Integer> previous() {
    Deque<Integer> trail = new ArrayDeque<>();
    for (ChannelMove move : history) {
      if (trail.isEmpty()) {
        move.from().ifPresent(trail::push);
      }
      if (move.cause() == MoveReason.Cause.ROLLBACK) {
        trail.poll();
      }
      if (trail.isEmpty() || trail.peek() != move.to()) {
        trail.push(move.to());
      }
    }
    trail.poll();
    return Optional.ofNullable(trail.peek());
  }

  /** Whether it was moved to {@code version} by {@code cause}, as far back as its history goes. */
  boolean hasMoved(int version, MoveReason.Cause cause) {
    return history.stream().anyMatch(move -> move.to() == version && move.cause() == cause);
  }

  /** The first pointer of a channel, or the next one after {@code before}. */
  static ChannelPointer next(
      Optional<ChannelPointer> before, ResolvedModel target, MoveReason move, Instant now) {
    int version = target.version().number();
    List<ChannelMove> history = new ArrayList<>();
    before.ifPresent(pointer -> history.addAll(pointer.history()));
    history.add(
        new ChannelMove(
            now,
            before.map(ChannelPointer::version),
            version,
            move.cause(),
            move.by(),
            move.reason()));
    int from = Math.max(0, history.size() - KEPT);
    return new ChannelPointer(
        version, target.manifestSha256(), now, history.subList(from, history.size()));
  }
}
