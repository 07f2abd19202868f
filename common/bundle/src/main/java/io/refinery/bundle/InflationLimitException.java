package io.refinery.bundle;

import java.io.IOException;

/** Thrown while reading, when the bytes decompressed so far exceed the limit. */
final class InflationLimitException extends IOException {

  private static final long serialVersionUID = 1L;

  InflationLimitException(String message) {
    super(message);
  }
}
