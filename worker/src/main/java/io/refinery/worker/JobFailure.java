package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.message.ErrorCode;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import java.util.Optional;

/** Thrown when a job can never succeed, so that retrying it is useless. */
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

  /** Returns the failure of a job whose bundle cannot be refined. */
  static JobFailure of(ObjectRef input, BundleException cause) {
    return new JobFailure(
        code(cause.fault()), input + ": " + cause.getMessage(), Optional.empty(), cause);
  }

  static ErrorCode code(BundleFault fault) {
    return switch (fault) {
      case NOT_A_BUNDLE -> ErrorCode.NOT_A_BUNDLE;
      case UNREADABLE -> ErrorCode.UNREADABLE;
      case UNSUPPORTED -> ErrorCode.UNSUPPORTED;
      case AMBIGUOUS -> ErrorCode.AMBIGUOUS;
      case NO_IMAGES -> ErrorCode.NO_IMAGES;
      case MIXED_SIZES -> ErrorCode.MIXED_SIZES;
      case NOT_GRAY -> ErrorCode.MODEL_DOES_NOT_FIT;
      case BAD_PIXELS -> ErrorCode.BAD_PIXELS;
      case TOO_MANY_BYTES -> ErrorCode.TOO_MANY_BYTES;
      case IMAGE_TOO_LARGE -> ErrorCode.IMAGE_TOO_LARGE;
      case TOO_MANY_IMAGES -> ErrorCode.TOO_MANY_IMAGES;
      case INFLATES_TOO_MUCH -> ErrorCode.INFLATES_TOO_MUCH;
    };
  }

  /** Returns whether the store is the reason, so that the answer may be another one later. */
  boolean isDoubtful() {
    return (getCause() instanceof StorageException storage
            && storage.kind() != StorageException.Kind.TOO_LARGE)
        || code == ErrorCode.NO_SUCH_MODEL;
  }

  ErrorCode code() {
    return code;
  }

  Optional<ModelVersion> model() {
    return model;
  }
}
