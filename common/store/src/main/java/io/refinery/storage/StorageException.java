package io.refinery.storage;

/** A store did not do what it was asked for; the message names store, object and what to do. */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, as far as a caller acts on it. */
  public enum Kind {
    /** No such object or bucket. */
    NOT_FOUND,
    /** Wrong credentials, no right to this bucket, or a request that this store does not take. */
    DENIED,
    /** Larger than the caller allows. */
    TOO_LARGE,
    /** Not reached, or failing: trying again may help. */
    UNAVAILABLE
  }

  private final Kind kind;

  public StorageException(Kind kind, String message) {
    this(kind, message, null);
  }

  public StorageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
