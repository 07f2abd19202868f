package io.refinery.storage;

/** Thrown when a store operation fails; the message names the store, the object and what to do. */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure that callers distinguish. */
  public enum Kind {
    /** No such object or bucket. */
    NOT_FOUND,
    /** Wrong credentials, no access to the bucket, or a request that the store does not accept. */
    DENIED,
    /** Larger than the caller allows. */
    TOO_LARGE,
    /** The store's disk or quota is full; a retry helps only after somebody has made room. */
    FULL,
    /** The bytes received differ from the object's checksums; a retry may help. */
    DAMAGED,
    /** Unreachable or failing; a retry may help. */
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
