package io.refinery.storage;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import io.refinery.storage.StorageException.Kind;
import java.net.URI;
import java.util.OptionalInt;

/** Translates the MinIO client's errors to {@link StorageException}. */
final class StorageErrors {

  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int PRECONDITION_FAILED = 412;

  private final URI endpoint;

  StorageErrors(URI endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * @param doing the failed operation, such as {@code reading s3://bundles/a.h5}
   */
  StorageException translate(String doing, Exception error) {
    if (error instanceof StorageException known) {
      return known;
    }
    String where = "Storage " + endpoint + ", " + doing + ": ";
    // From the client's argument checks: names that no S3 service accepts.
    if (error instanceof IllegalArgumentException) {
      return new StorageException(Kind.NOT_FOUND, where + error.getMessage(), error);
    }
    OptionalInt status = status(error);
    if (status.isEmpty()) {
      return new StorageException(
          Kind.UNAVAILABLE,
          where
              + "cannot connect ("
              + reason(error)
              + "); check the address and that the store is running",
          error);
    }
    return switch (kind(status.getAsInt())) {
      case NOT_FOUND ->
          new StorageException(Kind.NOT_FOUND, where + "not found: " + reason(error), error);
      case UNAVAILABLE ->
          new StorageException(Kind.UNAVAILABLE, where + "unavailable: " + reason(error), error);
      case DENIED, TOO_LARGE ->
          new StorageException(
              Kind.DENIED,
              where + "refused: " + reason(error) + "; check the keys and their permissions",
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

  /** Returns the HTTP status of the response, if there was one that the client understood. */
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

  /** Returns the store's own code, such as {@code NoSuchBucket}; empty without a response. */
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
