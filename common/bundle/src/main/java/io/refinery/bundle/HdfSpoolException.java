package io.refinery.bundle;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/** A failure of a temporary file, which says nothing about the bundle: a disk may be full. */
final class HdfSpoolException extends UncheckedIOException {

  @Serial private static final long serialVersionUID = 1;

  HdfSpoolException(IOException cause) {
    super("A temporary file cannot be used: " + cause.getMessage(), cause);
  }
}
