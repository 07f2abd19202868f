package io.refinery.registry;

/**
 * Thrown when a version does not match its manifest, or this release cannot read its manifest; the
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
