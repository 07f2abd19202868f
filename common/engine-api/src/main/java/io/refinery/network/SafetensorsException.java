package io.refinery.network;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown when a file is not what {@link Safetensors} can read. */
public final class SafetensorsException extends IOException {

  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String fault) {
    super(file + " is not a usable safetensors file: " + fault);
  }

  SafetensorsException(Path file, String fault, Throwable cause) {
    super(file + " is not a usable safetensors file: " + fault, cause);
  }
}
