package io.refinery.network;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not what {@link Safetensors} reads. */
public final class SafetensorsException extends IOException {

  private static final long serialVersionUID = 1L;

  SafetensorsException(Path file, String fault) {
    super(file + " is no usable safetensors file: " + fault);
  }

  SafetensorsException(Path file, String fault, Throwable cause) {
    super(file + " is no usable safetensors file: " + fault, cause);
  }
}
