package io.refinery.engine;

/**
 * A device has failed in a way that this process cannot recover from: every later use of it fails
 * too, as after an illegal access or a lost GPU, and freeing what lies on it may hang or end the
 * process. Another process may be able to use it.
 */
public final class DeviceFailedException extends EngineException {

  private static final long serialVersionUID = 1L;

  public DeviceFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same as a sentence that names the device. */
  public DeviceFailedException of(Device device) {
    return new DeviceFailedException(
        "%s is lost to this process: %s".formatted(device, getMessage()), this);
  }
}
