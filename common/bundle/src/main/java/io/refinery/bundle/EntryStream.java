package io.refinery.bundle;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Reads an entry of a ZIP, counts what it decompresses to, and compares its size and checksum at
 * the end. Does not trust the sizes that a ZIP declares.
 */
final class EntryStream extends FilterInputStream {

  /** Is told of all decompressed bytes. */
  @FunctionalInterface
  interface Meter {
    void add(long bytes) throws InflationLimitException;
  }

  private final ZipItem item;
  private final Meter meter;
  private final CRC32 checksum = new CRC32();
  private long count;

  EntryStream(InputStream in, ZipItem item, Meter meter) {
    super(in);
    this.item = item;
    this.meter = meter;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int read = super.read(into, from, length);
    if (read > 0) {
      count += read;
      meter.add(read);
      checksum.update(into, from, read);
    } else if (read < 0) {
      check();
    }
    return read;
  }

  @Override
  public long skip(long most) throws IOException {
    byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, most))];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void check() throws IOException {
    if (count != item.entry().getSize()) {
      throw new IOException(
          "it has " + count + " bytes, but the ZIP file declares " + item.entry().getSize());
    }
    if (checksum.getValue() != item.entry().getCrc()) {
      throw new IOException("its checksum is wrong");
    }
  }
}
