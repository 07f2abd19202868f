package io.refinery.embedded;

/** The servers did not start; the message says why, and quotes what they logged. */
public final class EmbeddedServersException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedServersException(String message) {
    super(message);
  }

  EmbeddedServersException(String message, Throwable cause) {
    super(message, cause);
  }
}
