package io.refinery.registry;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A past move of a channel.
 *
 * @param from number of the version that it pointed to before; empty for its first move
 * @param to number of the version that it pointed to afterwards
 * @param by as in {@link MoveReason}
 * @param reason as in {@link MoveReason}
 */
public record ChannelMove(
    Instant at, Optional<Integer> from, int to, MoveReason.Cause cause, String by, String reason) {

  public ChannelMove {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(reason, "reason");
  }
}
