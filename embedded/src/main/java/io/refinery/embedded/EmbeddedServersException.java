package io.refinery.embedded;

/** Thrown when the servers do not start; the message says why and quotes their log. */
public final class EmbeddedServersException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedServersException(String message) {
    super(message);
  }

  EmbeddedServersException(String message, Throwable cause) {
    super(message, cause);
  }
}
