package io.refinery.bundle.array;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * Checks what a variable of a {@code .mat} file of version 5 declares against the bytes that it
 * has. The library allocates what is declared before it reads it. Source: MAT-File Format, chapter
 * 1.
 */
final class MatlabSizes {

  static final int MATRIX = 14;

  /** MATLAB itself shows no more levels; the library would overflow the stack. */
  private static final int DEEPEST = 64;

  private static final int ALIGNMENT = 8;
  private static final int LONGEST_DIMENSIONS = 64 * Integer.BYTES;

  /** Classes of arrays. */
  private static final int STRUCT = 2;

  private static final int OBJECT = 3;
  private static final int SPARSE = 5;
  private static final int OPAQUE = 17;
  private static final Set<Integer> WITH_FIELDS = Set.of(STRUCT, OBJECT);

  private final InputStream stream;
  private final ByteOrder order;

  private MatlabSizes(InputStream stream, ByteOrder order) {
    this.stream = stream;
    this.order = order;
  }

  /**
   * Reads one variable, with its tag.
   *
   * @param bytes how many the stream has
   */
  static void check(InputStream stream, ByteOrder order, long bytes) throws IOException {
    MatlabSizes sizes = new MatlabSizes(stream, order);
    Tag tag = sizes.tag(bytes);
    if (tag.type() != MATRIX) {
      throw new IOException("A variable is not an array");
    }
    if (tag.bytes() > 0) {
      sizes.matrix(tag.bytes(), 0);
    }
  }

  /**
   * The start of an element.
   *
   * @param bytes of its data
   * @param whole bytes of tag, data and padding
   */
  private record Tag(int type, long bytes, long whole) {}

  /**
   * @param left how many bytes the element and those after it may have
   */
  private Tag tag(long left) throws IOException {
    if (left < ALIGNMENT) {
      throw new EOFException("An element is cut off");
    }
    ByteBuffer start = read(Integer.BYTES);
    int word = start.getInt();
    boolean packed = word >>> 16 != 0;
    int type = packed ? word & 0xFFFF : word;
    long bytes = packed ? word >>> 16 : Integer.toUnsignedLong(read(Integer.BYTES).getInt());
    long used = (packed ? Integer.BYTES : ALIGNMENT) + bytes;
    long whole = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (whole > left || (packed && bytes > Integer.BYTES)) {
      throw new EOFException("An element declares " + bytes + " bytes where " + left + " are left");
    }
    return new Tag(type, bytes, whole);
  }

  private void matrix(long bytes, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("Arrays are nested more than " + DEEPEST + " deep");
    }
    Tag flags = tag(bytes);
    int arrayClass = data(flags, ALIGNMENT).getInt() & 0xFF;
    long left = bytes - flags.whole();
    long elements = 0;
    if (arrayClass != OPAQUE) {
      Tag dims = tag(left);
      elements = elements(data(dims, LONGEST_DIMENSIONS));
      left -= dims.whole();
      if (arrayClass != SPARSE && elements > left) {
        throw new EOFException("An array declares " + elements + " elements in " + left + " bytes");
      }
    }
    if (WITH_FIELDS.contains(arrayClass)) {
      left = fields(left, elements, arrayClass == OBJECT ? 2 : 1);
    }
    while (left > 0) {
      Tag part = tag(left);
      if (part.type() == MATRIX) {
        if (part.bytes() > 0) {
          matrix(part.bytes(), depth + 1);
        }
      } else {
        skip(part);
      }
      left -= part.whole();
    }
  }

  /**
   * Checks that there are bytes for every field of every element.
   *
   * @param texts how many elements come before the length of the fields' names
   */
  private long fields(long bytes, long elements, int texts) throws IOException {
    long left = bytes;
    for (int i = 0; i < texts; i++) {
      Tag text = tag(left);
      skip(text);
      left -= text.whole();
    }
    Tag length = tag(left);
    int longest = data(length, Integer.BYTES).getInt();
    left -= length.whole();
    Tag names = tag(left);
    skip(names);
    left -= names.whole();
    long fields = longest == 0 ? 0 : names.bytes() / longest;
    if (longest < 0 || fields * elements > left / ALIGNMENT) {
      throw new EOFException(
          "A struct declares " + fields + " fields of " + elements + " elements");
    }
    return left;
  }

  private static long elements(ByteBuffer dims) throws IOException {
    long elements = 1;
    while (dims.remaining() >= Integer.BYTES) {
      int dim = dims.getInt();
      if (dim < 0) {
        throw new IOException("An array declares a dimension of " + dim);
      }
      elements = Math.min(Integer.MAX_VALUE, elements * dim);
    }
    return elements;
  }

  /** Reads an element's data and its padding. */
  private ByteBuffer data(Tag tag, int most) throws IOException {
    if (tag.bytes() > most || tag.bytes() < Integer.BYTES) {
      throw new IOException("An element declares " + tag.bytes() + " bytes for its header");
    }
    ByteBuffer data = read((int) tag.bytes());
    stream.skipNBytes(padding(tag));
    return data;
  }

  private void skip(Tag tag) throws IOException {
    stream.skipNBytes(tag.bytes() + padding(tag));
  }

  /** Data of up to four bytes shares eight bytes with its tag. */
  private static long padding(Tag tag) {
    return Math.floorMod(-tag.bytes(), tag.whole() == ALIGNMENT && tag.bytes() > 0 ? 4 : 8);
  }

  private ByteBuffer read(int bytes) throws IOException {
    byte[] read = stream.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException("An element is cut off");
    }
    return ByteBuffer.wrap(read).order(order);
  }
}
