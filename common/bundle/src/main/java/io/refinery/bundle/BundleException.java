package io.refinery.bundle;

/** Thrown when a bundle cannot be read; the message says what is wrong and where. */
public final class BundleException extends Exception {

  private static final long serialVersionUID = 1L;

  private final BundleFault fault;

  public BundleException(BundleFault fault, String message) {
    this(fault, message, null);
  }

  public BundleException(BundleFault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public BundleFault fault() {
    return fault;
  }
}
