package io.refinery.bundle.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing list of strings in one array of bytes. */
final class PackedText {

  private byte[] bytes = new byte[64];
  private int[] ends = new int[16];
  private int size;

  void add(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    int start = end(size);
    int end = Math.addExact(start, encoded.length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * end)));
    }
    System.arraycopy(encoded, 0, bytes, start, encoded.length);
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = end;
  }

  int size() {
    return size;
  }

  String get(int index) {
    int start = end(index);
    return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
  }

  boolean isEmpty(int index) {
    return end(index) == ends[index];
  }

  private int end(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }
}
