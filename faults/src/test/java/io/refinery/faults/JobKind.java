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
  COLOUR(ErrorCode.MODEL_DOES_NOT_FIT);

  private final Optional<ErrorCode> code;
  private final Optional<ErrorCode> letter;

  JobKind(ErrorCode code) {
    this(Optional.of(code), Optional.of(code));
  }

  JobKind(Optional<ErrorCode> code, Optional<ErrorCode> letter) {
    this.code = code;
    this.letter = letter;
  }

  /** Returns the code that it must fail with; empty if it must succeed. */
  Optional<ErrorCode> code() {
    return code;
  }

  /** Returns the code that it must have a dead letter with; empty if it must have none. */
  Optional<ErrorCode> letter() {
    return letter;
  }

  String id(int number) {
    return "%s-%05d".formatted(name().toLowerCase(Locale.ROOT), number);
  }

  /** Returns the kind of a job. */
  static JobKind of(String id) {
    return valueOf(id.substring(0, id.indexOf('-')).toUpperCase(Locale.ROOT));
  }
}
