package io.refinery.worker;

import io.refinery.message.ErrorCode;
import io.refinery.registry.ModelVersion;
import java.util.Optional;

/** A job that can never succeed; trying it again would not help. */
final class JobFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Optional<ModelVersion> model;

  JobFailure(ErrorCode code, String message) {
    this(code, message, Optional.empty(), null);
  }

  JobFailure(ErrorCode code, String message, Optional<ModelVersion> model, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.model = model;
  }

  ErrorCode code() {
    return code;
  }

  Optional<ModelVersion> model() {
    return model;
  }
}
