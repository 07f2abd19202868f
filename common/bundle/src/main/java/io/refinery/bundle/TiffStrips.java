package io.refinery.bundle;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks that the strips or tiles of a TIFF file hold all pixels, as its reader fills up what is
 * missing.
 */
final class TiffStrips {

  private static final int LZW_CLEAR = 256;
  private static final int LZW_END = 257;
  private static final int LZW_CODES = 4096;

  private final Directory page;
  private final FileBytes bytes;
  private final long width;
  private final long height;
  private final long compression;

  TiffStrips(Directory page, FileBytes bytes) throws IOException {
    this.page = page;
    this.bytes = bytes;
    this.width = required(TIFF.TAG_IMAGE_WIDTH);
    this.height = required(TIFF.TAG_IMAGE_HEIGHT);
    this.compression = TiffTags.number(page, TIFF.TAG_COMPRESSION).orElse(1L);
  }

  private long required(int tag) throws IOException {
    return TiffTags.number(page, tag)
        .orElseThrow(() -> new IOException("it has no TIFF tag " + tag));
  }

  void check() throws IOException {
    boolean tiled = TiffTags.number(page, TIFF.TAG_TILE_OFFSETS).isPresent();
    long[] starts = TiffTags.numbers(page, tiled ? TIFF.TAG_TILE_OFFSETS : TIFF.TAG_STRIP_OFFSETS);
    long[] lengths =
        TiffTags.numbers(page, tiled ? TIFF.TAG_TILE_BYTE_COUNTS : TIFF.TAG_STRIP_BYTE_COUNTS);
    long rows =
        tiled
            ? required(TIFF.TAG_TILE_HEIGTH)
            : Math.min(height, TiffTags.number(page, TIFF.TAG_ROWS_PER_STRIP).orElse(height));
    long columns = tiled ? required(TIFF.TAG_TILE_WIDTH) : width;
    if (rows < 1 || columns < 1) {
      throw new IOException("its strips have no pixels");
    }
    boolean planes = TiffTags.number(page, TIFF.TAG_PLANAR_CONFIGURATION).orElse(1L) == 2;
    long samples = TiffTags.number(page, TIFF.TAG_SAMPLES_PER_PIXEL).orElse(1L);
    long down = (height + rows - 1) / rows;
    long across = (width + columns - 1) / columns;
    if (starts.length != lengths.length
        || starts.length != down * across * (planes ? samples : 1)) {
      throw new IOException("it has " + starts.length + " strips or tiles, too few or too many");
    }
    long[] bits = TiffTags.numbers(page, TIFF.TAG_BITS_PER_SAMPLE);
    long rowBytes = (columns * (bits.length == 0 ? 1 : bits[0]) * (planes ? 1 : samples) + 7) / 8;
    for (int i = 0; i < starts.length; i++) {
      bytes.require(starts[i], lengths[i]);
      long held = tiled ? rows : Math.min(rows, height - i % down * rows);
      check(starts[i], lengths[i], held * rowBytes);
    }
  }

  private void check(long start, long length, long needed) throws IOException {
    byte[] data = bytes.slice(start, length);
    long found =
        switch ((int) compression) {
          case 1 -> length;
          case 5 -> lzw(data, needed);
          case 8, 32946 -> deflate(data, needed);
          case 32773 -> packBits(data, needed);
          // CCITT and JPEG have codes of their own, which their readers follow.
          default -> needed;
        };
    if (found < needed) {
      throw new EOFException("its pixels end early");
    }
  }

  private static long deflate(byte[] data, long needed) throws IOException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      byte[] block = new byte[8192];
      long found = 0;
      int read = 1;
      while (!inflater.finished() && read > 0 && found <= needed) {
        read = inflater.inflate(block);
        found += read;
      }
      return inflater.finished() ? found : 0;
    } catch (DataFormatException e) {
      throw new IOException("its pixels are corrupt: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static long packBits(byte[] data, long needed) throws IOException {
    long found = 0;
    int at = 0;
    while (found < needed && at < data.length) {
      int count = data[at];
      if (count >= 0) {
        at += count + 2;
        found += count + 1L;
      } else {
        at += count == -128 ? 1 : 2;
        found += count == -128 ? 0 : 1L - count;
      }
    }
    if (at > data.length || found > needed) {
      throw new IOException("its pixels are corrupt");
    }
    return found;
  }

  /** Follows the codes without decoding them. */
  private static long lzw(byte[] data, long needed) throws IOException {
    int[] lengths = new int[LZW_CODES];
    Arrays.fill(lengths, 0, LZW_CLEAR, 1);
    int next = LZW_END + 1;
    int width = 9;
    int previous = -1;
    long found = 0;
    for (long bit = 0; found < needed; bit += width) {
      if (next + 1 >= 1 << width && width < 12) {
        width++;
      }
      if (bit + width > 8L * data.length) {
        return found;
      }
      int code = code(data, bit, width);
      if (code == LZW_CLEAR) {
        next = LZW_END + 1;
        previous = -1;
        bit += width - 9;
        width = 9;
        continue;
      }
      if (code == LZW_END) {
        return found;
      }
      if (code > next || (code == next && previous < 0) || next >= LZW_CODES) {
        throw new IOException("its pixels are corrupt");
      }
      if (previous >= 0) {
        lengths[next++] = lengths[previous] + 1;
      }
      found += lengths[code];
      previous = code;
    }
    return found;
  }

  private static int code(byte[] data, long bit, int width) {
    int code = 0;
    for (long at = bit; at < bit + width; at++) {
      code = code << 1 | (data[(int) (at >> 3)] >> (7 - (at & 7)) & 1);
    }
    return code;
  }
}
