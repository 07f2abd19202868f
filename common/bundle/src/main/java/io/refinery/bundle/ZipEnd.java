package io.refinery.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.ZipException;

/** The end of a ZIP: what its library does not tell. */
final class ZipEnd {

  private static final int SIGNATURE = 0x06054B50;
  private static final int BYTES = 22;

  /** Modulo 65,536; 65,535 may also stand for more. */
  private final int entries;

  private final byte[] comment;
  private final long at;

  private ZipEnd(int entries, byte[] comment, long at) {
    this.entries = entries;
    this.comment = comment;
    this.at = at;
  }

  /** Finds the last record whose comment ends with the file. */
  static ZipEnd read(FileChannel channel) throws IOException {
    int length = (int) Math.min(channel.size(), BYTES + 0xFFFF);
    ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    long start = channel.size() - length;
    while (tail.hasRemaining()) {
      if (channel.read(tail, start + tail.position()) < 0) {
        throw new ZipException("the file became shorter");
      }
    }
    for (int at = length - BYTES; at >= 0; at--) {
      if (tail.getInt(at) == SIGNATURE
          && at + BYTES + (tail.getShort(at + 20) & 0xFFFF) == length) {
        return new ZipEnd(
            tail.getShort(at + 10) & 0xFFFF,
            Arrays.copyOfRange(tail.array(), at + BYTES, length),
            start + at);
      }
    }
    throw new ZipException("its directory is missing");
  }

  int entries() {
    return entries;
  }

  byte[] comment() {
    return comment;
  }

  /** Returns where the record starts, in bytes from the file's start. */
  long at() {
    return at;
  }

  boolean agreesWith(int found) {
    return entries == (found & 0xFFFF) || (entries == 0xFFFF && found > 0xFFFF);
  }
}
