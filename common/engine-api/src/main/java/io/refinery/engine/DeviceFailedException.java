package io.refinery.engine;

/**
 * Thrown when a device fails in a way that this process cannot recover from, such as an illegal
 * access or a lost GPU. Every later use of it fails too, and freeing memory on it may hang or end
 * the process. Another process may be able to use it.
 */
public final class DeviceFailedException extends EngineException {

  private static final long serialVersionUID = 1L;

  public DeviceFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns an exception whose message names the device, caused by this one. */
  public DeviceFailedException of(Device device) {
    return new DeviceFailedException(
        "%s failed and cannot be used again by this process: %s".formatted(device, getMessage()),
        this);
  }
}
