package io.refinery.registry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The version that a channel points to, and the channel's history.
 *
 * @param version number of the version, from 1
 * @param manifestSha256 hash of that version's manifest, 64 hexadecimal digits
 * @param moved when the channel was moved there
 * @param history its last {@value #KEPT} moves, newest last; empty in pointers written by older
 *     releases
 */
public record ChannelPointer(
    int version, String manifestSha256, Instant moved, List<ChannelMove> history) {

  /** Maximum number of moves kept. */
  public static final int KEPT = 50;

  public ChannelPointer {
    if (version < 1) {
      throw new IllegalArgumentException("A version number must be at least 1, not " + version);
    }
    Objects.requireNonNull(manifestSha256, "manifestSha256");
    Objects.requireNonNull(moved, "moved");
    history = history == null ? List.of() : List.copyOf(history);
  }

  /** The latest move; empty if the history is. */
  public Optional<ChannelMove> lastMove() {
    return history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
  }

  /**
   * The version that a rollback goes to: the one before the current version, skipping versions that
   * were rolled back.
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

  /** Whether the history has a move to {@code version} for {@code cause}. */
  boolean hasMoved(int version, MoveReason.Cause cause) {
    return history.stream().anyMatch(move -> move.to() == version && move.cause() == cause);
  }

  /** Returns the pointer that follows {@code before}, or a channel's first. */
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
