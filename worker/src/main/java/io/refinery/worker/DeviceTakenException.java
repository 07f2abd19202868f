package io.refinery.worker;

import io.refinery.engine.Device;
import java.nio.file.Path;

/** Another worker of this machine has the GPU. */
public final class DeviceTakenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeviceTakenException(Device device, String process, Path lock) {
    super(
        "%s is taken by the worker of process %s: there is one worker a GPU (%s)"
            .formatted(device, process.isEmpty() ? "unknown" : process, lock));
  }
}
