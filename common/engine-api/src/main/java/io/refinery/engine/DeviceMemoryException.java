package io.refinery.engine;

/**
 * A device has too little free memory for a batch. Whatever threw it works on: fewer images at a
 * time may fit.
 */
public final class DeviceMemoryException extends EngineException {

  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
