package io.refinery.faults;

import io.refinery.message.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/** What a job of the suite is; its id begins with its kind, so that an auditor knows it. */
enum JobKind {
  FINE(Optional.empty()),
  /** Sent twice under one id. */
  TWICE(Optional.empty()),
  NOTJSON(Optional.of(ErrorCode.BAD_MESSAGE)),
  MISSING(Optional.of(ErrorCode.NO_SUCH_OBJECT)),
  BROKEN(Optional.of(ErrorCode.UNREADABLE)),
  COLOUR(Optional.of(ErrorCode.MODEL_DOES_NOT_FIT));

  private final Optional<ErrorCode> code;

  JobKind(Optional<ErrorCode> code) {
    this.code = code;
  }

  /** Returns the code that it must fail with; empty if it must succeed. */
  Optional<ErrorCode> code() {
    return code;
  }

  String id(int number) {
    return "%s-%05d".formatted(name().toLowerCase(Locale.ROOT), number);
  }

  /** Returns the kind of a job. */
  static JobKind of(String id) {
    return valueOf(id.substring(0, id.indexOf('-')).toUpperCase(Locale.ROOT));
  }
}
