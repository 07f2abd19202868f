package io.refinery.storage;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import io.refinery.storage.StorageException.Kind;
import java.net.URI;
import java.util.OptionalInt;

/** Says in Refinery's words what the MinIO client met. */
final class StorageErrors {

  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int PRECONDITION_FAILED = 412;

  private final URI endpoint;

  StorageErrors(URI endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * @param doing what was tried, such as {@code reading s3://bundles/a.h5}
   */
  StorageException translate(String doing, Exception error) {
    if (error instanceof StorageException known) {
      return known;
    }
    String where = "Storage " + endpoint + ", " + doing + ": ";
    // The client's argument checks: names that no S3 service takes.
    if (error instanceof IllegalArgumentException) {
      return new StorageException(Kind.NOT_FOUND, where + error.getMessage(), error);
    }
    OptionalInt status = status(error);
    if (status.isEmpty()) {
      return new StorageException(
          Kind.UNAVAILABLE,
          where + "not reached (" + reason(error) + "); is the address right and the store up?",
          error);
    }
    return switch (kind(status.getAsInt())) {
      case NOT_FOUND ->
          new StorageException(Kind.NOT_FOUND, where + "there is none: " + reason(error), error);
      case UNAVAILABLE ->
          new StorageException(Kind.UNAVAILABLE, where + "it fails: " + reason(error), error);
      case DENIED, TOO_LARGE ->
          new StorageException(
              Kind.DENIED,
              where + "refused: " + reason(error) + "; check the keys and their rights",
              error);
    };
  }

  private static Kind kind(int status) {
    if (status == NOT_FOUND) {
      return Kind.NOT_FOUND;
    }
    boolean passing = status >= 500 || status == 408 || status == 429 || status == CONFLICT;
    return passing ? Kind.UNAVAILABLE : Kind.DENIED;
  }

  /** The HTTP status of the answer, if there was one that the client understood. */
  static OptionalInt status(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ErrorResponseException answer) {
        return OptionalInt.of(answer.response().code());
      }
      if (cause instanceof ServerException answer) {
        return OptionalInt.of(answer.statusCode());
      }
    }
    return OptionalInt.empty();
  }

  /** The store's own code, such as {@code NoSuchBucket}; empty without an answer. */
  static String code(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ErrorResponseException answer) {
        return answer.errorResponse().code();
      }
    }
    return "";
  }

  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && !(cause instanceof ErrorResponseException)) {
      cause = cause.getCause();
    }
    if (cause instanceof ErrorResponseException answer) {
      return answer.errorResponse().code() + ", " + answer.errorResponse().message();
    }
    return cause.toString();
  }
}
