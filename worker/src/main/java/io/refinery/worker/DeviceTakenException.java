package io.refinery.worker;

import io.refinery.engine.Device;
import java.nio.file.Path;

/** Thrown when another worker of this machine uses the GPU. */
public final class DeviceTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeviceTakenException(Device device, String process, Path lock) {
    super(
        "%s is in use by the worker with process ID %s; run one worker per GPU (lock file %s)"
            .formatted(device, process.isEmpty() ? "unknown" : process, lock));
  }
}
