package io.refinery.registry;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;

/**
 * Why a channel is moved, and who moves it.
 *
 * @param by such as {@code anna@lab-3}; 1 to 200 characters
 * @param reason for people, at most 1,000 characters; empty if none was given
 */
public record MoveReason(Cause cause, String by, String reason) {

  private static final int LONGEST_BY = 200;
  private static final int LONGEST_REASON = 1000;

  public MoveReason {
    Objects.requireNonNull(cause, "cause");
    if (by.isBlank() || by.length() > LONGEST_BY) {
      throw new IllegalArgumentException(
          "The mover's name must have 1 to " + LONGEST_BY + " characters, not '" + by + "'");
    }
    if (reason.length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "The reason for a move has "
              + reason.length()
              + " characters: give at most "
              + LONGEST_REASON);
    }
  }

  /** The cause of a move. */
  public enum Cause {
    /** A new version was published. */
    PUBLICATION,
    /** A person chose the version. */
    PROMOTION,
    /** A new version's metrics passed the gate. */
    GATE,
    /** A person went back to an earlier version. */
    ROLLBACK;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
