package io.refinery.worker;

/** A worker cannot start; the message says what is missing. */
public final class WorkerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WorkerException(String message) {
    super(message);
  }

  public WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
