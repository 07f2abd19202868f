package io.refinery.faults;

import io.refinery.message.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/** What a job of the suite is; its id begins with its kind, so that an auditor knows it. */
enum JobKind {
  FINE(Optional.empty(), Optional.empty()),
  /** Sent twice under one id. */
  TWICE(Optional.empty(), Optional.empty()),
  /** Sent with two different inputs under one id, one of which is refused. */
  REUSED(Optional.empty(), Optional.of(ErrorCode.ID_ALREADY_USED)),
  NOTJSON(ErrorCode.BAD_MESSAGE),
  MISSING(ErrorCode.NO_SUCH_OBJECT),
  BROKEN(ErrorCode.UNREADABLE),
  COLOUR(ErrorCode.MODEL_DOES_NOT_FIT),
  /** Sent, and cancelled before, at once or a little later. It may end before that. */
  CANCELLED(true, Optional.of(ErrorCode.CANCELLED), Optional.empty()),
  /** Cancelled, and never sent. */
  REVOKED(false, Optional.of(ErrorCode.CANCELLED), Optional.empty()),
  /** Sent after its deadline. */
  LATE(ErrorCode.DEADLINE_PASSED),
  /** Sent a few seconds before its deadline. It may end in time. */
  SOON(true, Optional.of(ErrorCode.DEADLINE_PASSED), Optional.empty());

  private final boolean maySucceed;
  private final Optional<ErrorCode> code;
  private final Optional<ErrorCode> letter;

  JobKind(ErrorCode code) {
    this(false, Optional.of(code), Optional.of(code));
  }

  JobKind(Optional<ErrorCode> code, Optional<ErrorCode> letter) {
    this(true, code, letter);
  }

  JobKind(boolean maySucceed, Optional<ErrorCode> code, Optional<ErrorCode> letter) {
    this.maySucceed = maySucceed;
    this.code = code;
    this.letter = letter;
  }

  /** Returns whether it may succeed. */
  boolean maySucceed() {
    return maySucceed;
  }

  /** Returns the only code that it may fail with; empty if it must succeed. */
  Optional<ErrorCode> code() {
    return code;
  }

  /**
   * Returns the code that it must have a dead letter with; empty if it must have none.
   *
   * @param failed whether it has failed
   */
  Optional<ErrorCode> letter(boolean failed) {
    return this == SOON && failed ? code : letter;
  }

  String id(int number) {
    return "%s-%05d".formatted(name().toLowerCase(Locale.ROOT), number);
  }

  /** Returns the kind of a job. */
  static JobKind of(String id) {
    return valueOf(id.substring(0, id.indexOf('-')).toUpperCase(Locale.ROOT));
  }
}
