package io.refinery.broker;

/** Thrown when a broker cannot be used; the message says what is missing. */
public final class BrokerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BrokerException(String message) {
    super(message);
  }

  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
