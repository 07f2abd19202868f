package io.refinery.engine;

/**
 * Thrown when a device is out of memory for a batch. The object that threw it remains usable; fewer
 * images at a time may fit.
 */
public final class DeviceMemoryException extends EngineException {

  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
