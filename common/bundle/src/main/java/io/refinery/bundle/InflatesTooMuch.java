package io.refinery.bundle;

import java.io.IOException;

/** What decompression made so far is over the limit; found while reading. */
final class InflatesTooMuch extends IOException {

  private static final long serialVersionUID = 1L;

  InflatesTooMuch(String message) {
    super(message);
  }
}
