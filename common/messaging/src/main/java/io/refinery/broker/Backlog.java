package io.refinery.broker;

import java.time.Instant;
import java.util.Optional;

/**
 * The messages that a group has not finished.
 *
 * @param records their number
 * @param oldest when the oldest of them was first appended to a topic; empty if there is none, or
 *     if it could not be read
 */
public record Backlog(long records, Optional<Instant> oldest) {}
