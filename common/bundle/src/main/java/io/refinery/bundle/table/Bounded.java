package io.refinery.bundle.table;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends with an exception after a number of bytes. */
final class Bounded extends FilterInputStream {

  /** Thrown when a file is over its limit; the message is a sentence. */
  static final class TooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }

  private final String name;
  private final long most;
  private long left;

  Bounded(InputStream in, String name, long most) {
    super(in);
    this.name = name;
    this.most = most;
    this.left = most;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int count = super.read(into, from, length);
    count(Math.max(0, count));
    return count;
  }

  private void count(long bytes) throws TooLargeException {
    left -= bytes;
    if (left < 0) {
      throw new TooLargeException(name + " has more than " + most + " bytes; split it");
    }
  }
}
