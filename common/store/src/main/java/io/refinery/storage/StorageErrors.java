package io.refinery.storage;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import io.refinery.storage.StorageException.Kind;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Translates the MinIO client's errors to {@link StorageException}. */
final class StorageErrors {

  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int PRECONDITION_FAILED = 412;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Codes of names under which no store holds an object. */
  private static final Set<String> IMPOSSIBLE_NAMES =
      Set.of(
          "InvalidBucketName",
          "InvalidObjectName",
          "InvalidURI",
          "KeyTooLong",
          "KeyTooLongError",
          "XMinioInvalidObjectName",
          "XMinioInvalidResourceName");

  /** Codes that a retry may change, although their status says that the request is wrong. */
  private static final Set<String> PASSING =
      Set.of("IncompleteBody", "RequestTimeTooSkewed", "RequestTimeout");

  private static final Set<Integer> PASSING_STATUSES = Set.of(408, 429, CONFLICT);

  /** Codes that recur with every retry, although their status says that the store is in trouble. */
  private static final Set<String> LASTING = Set.of("BucketAlreadyExists", "NotImplemented");

  /** Not Implemented, and HTTP Version Not Supported. */
  private static final Set<Integer> LASTING_STATUSES = Set.of(501, 505);

  private static final int INSUFFICIENT_STORAGE = 507;

  /** Codes of MinIO and Ceph; the latter come with the status of a request that is not allowed. */
  private static final Set<String> FULL =
      Set.of("XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded");

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
    Optional<IllegalArgumentException> unsendable = unsendable(error);
    if (unsendable.isPresent()) {
      return new StorageException(Kind.NOT_FOUND, where + unsendable.get().getMessage(), error);
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
    return switch (kind(status.getAsInt(), code(error))) {
      case NOT_FOUND ->
          new StorageException(Kind.NOT_FOUND, where + "not found: " + reason(error), error);
      case FULL ->
          new StorageException(
              Kind.FULL,
              where + "the store's disk or quota is full; make room there: " + reason(error),
              error);
      case UNAVAILABLE ->
          new StorageException(Kind.UNAVAILABLE, where + "unavailable: " + reason(error), error);
      case DENIED, TOO_LARGE, DAMAGED ->
          new StorageException(
              Kind.DENIED, where + "refused: " + reason(error) + remedy(status.getAsInt()), error);
    };
  }

  /**
   * Returns the client's own refusal to send a request. Its arguments are at fault, such as a name
   * that no S3 service accepts or that cannot be encoded, so that a retry fails in the same way.
   */
  private static Optional<IllegalArgumentException> unsendable(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException refusal) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }

  /** The code is more exact than the status, which stores choose differently. */
  private static Kind kind(int status, String code) {
    if (status == INSUFFICIENT_STORAGE || FULL.contains(code)) {
      return Kind.FULL;
    }
    if (status == NOT_FOUND || IMPOSSIBLE_NAMES.contains(code)) {
      return Kind.NOT_FOUND;
    }
    if (LASTING.contains(code) || LASTING_STATUSES.contains(status)) {
      return Kind.DENIED;
    }
    boolean passing = PASSING.contains(code) || PASSING_STATUSES.contains(status);
    return passing || status >= 500 ? Kind.UNAVAILABLE : Kind.DENIED;
  }

  private static String remedy(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN
        ? "; check the keys and their permissions"
        : "; the store does not accept this request";
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
