package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The blocks of a GIF file. */
final class GifFile {

  private static final int LONGEST_CODE = 12;
  private static final int MOST_CODES = 1 << LONGEST_CODE;
  private static final int SCREEN = 6;
  private static final int AFTER_SCREEN = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int END = 0x3B;
  private static final int COMMENT = 0xFE;
  private static final int APPLICATION = 0xFF;

  private final FileBytes bytes;
  private final MetadataBuilder metadata = new MetadataBuilder();
  private long at;

  private GifFile(byte[] file) {
    this.bytes = new FileBytes(file, ByteOrder.LITTLE_ENDIAN);
  }

  /** Checks a file's structure and returns its metadata. */
  static ImageMetadata parse(byte[] file, String where) throws BundleException, IOException {
    return new GifFile(file).parse(where);
  }

  private ImageMetadata parse(String where) throws BundleException, IOException {
    at = (long) AFTER_SCREEN + colours(bytes.u8(10));
    int frames = 0;
    boolean whole = true;
    for (int block = bytes.u8(at++); block != END; block = bytes.u8(at++)) {
      if (block == EXTENSION) {
        extension(bytes.u8(at++));
      } else if (block == IMAGE) {
        frames++;
        whole &= bytes.u32(at) == 0 && bytes.u32(at + 4) == bytes.u32(SCREEN);
        int pixels = bytes.u16(at + 4) * bytes.u16(at + 6);
        at += 9 + colours(bytes.u8(at + 8)) + 1;
        requireWhole(bytes.u8(at - 1), data(), pixels);
      } else {
        throw new IOException("it has an unknown block at byte " + (at - 1));
      }
    }
    if (frames > 1) {
      throw ImageFaults.pages(where, frames, "frames");
    }
    if (!whole) {
      throw ImageFaults.unsupported(
          where, "is a GIF whose image covers a part of its screen; convert it to PNG");
    }
    if (at < bytes.length()) {
      metadata.drop("bytes after the end of the image");
    }
    return metadata.build(true);
  }

  private void extension(int kind) throws IOException {
    long start = at;
    byte[] data = data();
    if (kind == COMMENT) {
      metadata.comment(data);
    } else if (kind == APPLICATION) {
      metadata.drop("GIF extension " + ZipBundle.printable(bytes.text(start + 1, 8)));
    }
  }

  /** Returns the content of sub-blocks. */
  private byte[] data() throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int length = bytes.u8(at++); length != 0; length = bytes.u8(at++)) {
      data.writeBytes(bytes.slice(at, length));
      at += length;
    }
    return data.toByteArray();
  }

  /** Follows the codes of LZW without decoding them, as the reader fills up what is missing. */
  private static void requireWhole(int size, byte[] data, int pixels) throws IOException {
    if (size < 1 || size > 8) {
      throw new IOException("its codes have " + size + " bits");
    }
    int clear = 1 << size;
    int[] lengths = new int[MOST_CODES];
    Arrays.fill(lengths, 0, clear, 1);
    int next = clear + 2;
    int width = size + 1;
    int previous = -1;
    long found = 0;
    int bit = 0;
    while (found < pixels) {
      if (bit + width > 8 * data.length) {
        throw new EOFException("its pixels end early");
      }
      int code = code(data, bit, width);
      bit += width;
      if (code == clear) {
        next = clear + 2;
        width = size + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1 || code > next || (code == next && previous < 0)) {
        throw new IOException("its pixels are corrupt or end early");
      }
      if (previous >= 0 && next < MOST_CODES) {
        lengths[next++] = lengths[previous] + 1;
      }
      if (code >= next) {
        throw new IOException("its pixels are corrupt");
      }
      if (next == 1 << width && width < LONGEST_CODE) {
        width++;
      }
      found += lengths[code];
      previous = code;
    }
  }

  private static int code(byte[] data, int bit, int width) {
    int code = 0;
    for (int i = 0; i < width; i++) {
      int at = bit + i;
      code |= (data[at >> 3] >> (at & 7) & 1) << i;
    }
    return code;
  }

  private static int colours(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }
}
