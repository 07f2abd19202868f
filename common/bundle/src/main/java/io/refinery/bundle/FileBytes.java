package io.refinery.bundle;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bounds-checked access to the bytes of a whole file. */
final class FileBytes {

  private final byte[] bytes;
  private final ByteBuffer buffer;

  FileBytes(byte[] bytes, ByteOrder order) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(order);
  }

  int length() {
    return bytes.length;
  }

  int u8(long at) throws EOFException {
    return bytes[require(at, 1)] & 0xFF;
  }

  int u16(long at) throws EOFException {
    return buffer.getShort(require(at, 2)) & 0xFFFF;
  }

  long u32(long at) throws EOFException {
    return buffer.getInt(require(at, 4)) & 0xFFFFFFFFL;
  }

  byte[] slice(long from, long length) throws EOFException {
    int start = require(from, length);
    return Arrays.copyOfRange(bytes, start, start + (int) length);
  }

  /** Returns text of ISO 8859-1. */
  String text(long from, int length) throws EOFException {
    return new String(bytes, require(from, length), length, StandardCharsets.ISO_8859_1);
  }

  int require(long from, long length) throws EOFException {
    if (from < 0 || length < 0 || from + length > bytes.length) {
      throw new EOFException("the file ends early");
    }
    return (int) from;
  }
}
