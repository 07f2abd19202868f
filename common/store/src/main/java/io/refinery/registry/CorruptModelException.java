package io.refinery.registry;

/**
 * A version is not what its manifest says, or its manifest is none that this release reads; the
 * message names the file. Such a version is never used.
 */
public final class CorruptModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CorruptModelException(String message) {
    super(message);
  }

  CorruptModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
