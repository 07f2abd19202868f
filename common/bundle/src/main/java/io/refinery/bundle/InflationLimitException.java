package io.refinery.bundle;

import java.io.IOException;

/** What decompression made so far is over the limit; found while reading. */
final class InflationLimitException extends IOException {

  private static final long serialVersionUID = 1L;

  InflationLimitException(String message) {
    super(message);
  }
}
