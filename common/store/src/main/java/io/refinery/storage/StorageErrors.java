package io.refinery.storage;

import io.minio.errors.ErrorResponseException;
import io.minio.errors.ServerException;
import io.refinery.storage.StorageException.Kind;
import java.net.URI;
import java.security.ProviderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

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

  /** Codes of temporary keys that are no longer valid: keys of the process, not of the request. */
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired");

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
    Optional<ProviderException> keyless = keyless(error);
    if (keyless.isPresent()) {
      return new StorageException(Kind.UNAVAILABLE, where + keyless.get().getMessage(), error);
    }
    Optional<IllegalArgumentException> unsendable = unsendable(error);
    if (unsendable.isPresent()) {
      return new StorageException(Kind.NOT_FOUND, where + unsendable.get().getMessage(), error);
    }
    OptionalInt status = status(error);
    if (status.isEmpty()) {
      return new StorageException(
          Kind.UNAVAILABLE,
          where + "cannot connect (" + reason(error) + "); " + connectionRemedy(error),
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
    boolean passing =
        PASSING.contains(code) || EXPIRED.contains(code) || PASSING_STATUSES.contains(status);
    return passing || status >= 500 ? Kind.UNAVAILABLE : Kind.DENIED;
  }

  private static String remedy(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN
        ? "; check the keys and their permissions"
        : "; the store does not accept this request";
  }

  /** Returns whether the store refused keys because they are no longer valid. */
  static boolean isExpired(Throwable error) {
    return EXPIRED.contains(code(error));
  }

  /** Returns the failure of a source of keys, see {@link StorageKeys}. */
  private static Optional<ProviderException> keyless(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProviderException failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
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

  private static String connectionRemedy(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
        return "refinery.storage.certificates must name the PEM file of the authority that issued"
            + " the store's certificate, and the certificate must name the store's host";
      }
    }
    return "check the address and that the store is running";
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

  /** Returns whether the store answered with this HTTP status. */
  static boolean isStatus(Throwable error, int status) {
    OptionalInt actual = status(error);
    return actual.isPresent() && actual.getAsInt() == status;
  }
}
