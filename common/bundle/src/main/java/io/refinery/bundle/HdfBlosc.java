package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.filter.ByteShuffleFilter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The Blosc filter: blocks that are shuffled and compressed, in as many parts as an element has
 * bytes (C-Blosc's README_CHUNK_FORMAT).
 */
final class HdfBlosc {

  private static final int HEADER = 16;
  private static final int MOST_SPLITS = 16;
  private static final int SMALLEST_SPLIT = 128;

  private static final int SHUFFLED = 1;
  private static final int COPIED = 2;
  private static final int BITSHUFFLED = 4;
  private static final int UNSPLIT = 16;

  private static final int BLOSCLZ = 0;
  private static final int LZ4 = 1;
  private static final int SNAPPY = 2;
  private static final int ZLIB = 3;
  private static final int ZSTD = 4;

  private final byte[] bytes;
  private final ByteBuffer in;
  private final int flags;
  private final int element;
  private final int size;
  private final int block;

  private HdfBlosc(byte[] bytes, int size) {
    if (bytes.length < HEADER) {
      throw new HdfException("a Blosc chunk is truncated");
    }
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.flags = bytes[2];
    this.element = Math.max(1, Byte.toUnsignedInt(bytes[3]));
    this.size = size;
    this.block = in.getInt(8);
    int version = bytes[0];
    if (version != 2) {
      throw new UnsupportedHdfException(
          "it uses version "
              + version
              + " of Blosc's format, which is not supported; convert it with h5repack -f GZIP=4");
    }
    if (in.getInt(4) != size || in.getInt(12) != bytes.length || block < 1 || block > size) {
      throw new HdfException("the header of a Blosc chunk does not match the chunk");
    }
  }

  static byte[] decode(byte[] bytes, int size) {
    return new HdfBlosc(bytes, size).decode();
  }

  private byte[] decode() {
    byte[] out = new byte[size];
    if ((flags & COPIED) != 0) {
      in.position(HEADER).get(out);
      return out;
    }
    int blocks = (size - 1) / block + 1;
    in.position(HEADER);
    if (in.remaining() / Integer.BYTES < blocks) {
      throw new HdfException("a Blosc chunk is truncated");
    }
    for (int i = 0; i < blocks; i++) {
      int length = Math.min(block, size - i * block);
      in.position(in.getInt(HEADER + i * Integer.BYTES));
      unshuffle(parts(length), out, i * block);
    }
    return out;
  }

  private byte[] parts(int length) {
    boolean split =
        (flags & UNSPLIT) == 0
            && element <= MOST_SPLITS
            && length / element >= SMALLEST_SPLIT
            && length == block;
    int parts = split ? element : 1;
    int part = length / parts;
    byte[] joined = new byte[length];
    for (int i = 0; i < parts; i++) {
      int stored = in.getInt();
      if (stored < 0 || stored > in.remaining()) {
        throw new HdfException("a Blosc chunk is truncated");
      }
      if (stored == part) {
        in.get(joined, i * part, part);
      } else {
        decompress(in.position(), stored, joined, i * part, part);
        in.position(in.position() + stored);
      }
    }
    return joined;
  }

  private void decompress(int from, int length, byte[] out, int at, int part) {
    switch (flags >> 5 & 7) {
      case BLOSCLZ -> unblosclz(bytes, from, from + length, out, at, at + part);
      case LZ4 -> HdfCodecs.unlz4(bytes, from, length, out, at, part);
      case ZLIB -> System.arraycopy(HdfCodecs.inflate(bytes, from, length, part), 0, out, at, part);
      case ZSTD -> System.arraycopy(HdfCodecs.unzstd(bytes, from, length, part), 0, out, at, part);
      case SNAPPY ->
          throw new UnsupportedHdfException(
              "it uses Blosc with Snappy, which is not supported; convert it with"
                  + " h5repack -f GZIP=4");
      default -> throw new HdfException("a Blosc chunk has an unknown compression");
    }
  }

  private void unshuffle(byte[] shuffled, byte[] out, int at) {
    byte[] plain = shuffled;
    int elements = shuffled.length / element;
    if ((flags & SHUFFLED) != 0 && element > 1) {
      plain = new ByteShuffleFilter().decode(shuffled, new int[] {element});
    } else if ((flags & BITSHUFFLED) != 0 && elements > 0 && elements % 8 == 0) {
      plain = shuffled.clone();
      HdfBitshuffle.unshuffle(shuffled, 0, plain, 0, elements, element);
    }
    System.arraycopy(plain, 0, out, at, plain.length);
  }

  /** Decodes BloscLZ: like FastLZ, runs of literals and copies of earlier bytes. */
  private static void unblosclz(byte[] bytes, int from, int end, byte[] out, int start, int stop) {
    int in = from;
    int at = start;
    int control = bytes[in++] & 31;
    while (true) {
      if (control < 32) {
        int run = control + 1;
        if (in + run > end || at + run > stop) {
          throw new HdfException("a chunk is not BloscLZ data");
        }
        System.arraycopy(bytes, in, out, at, run);
        in += run;
        at += run;
      } else {
        int length = (control >> 5) + 2;
        int distance = (control & 31) << 8;
        int code = 255;
        while (control >> 5 == 7 && code == 255) {
          code = Byte.toUnsignedInt(bytes[in++]);
          length += code;
        }
        code = Byte.toUnsignedInt(bytes[in++]);
        distance += code;
        if (code == 255 && distance == (31 << 8) + 255) {
          distance = 8191 + (Byte.toUnsignedInt(bytes[in++]) << 8);
          distance += Byte.toUnsignedInt(bytes[in++]);
        }
        int source = at - distance - 1;
        if (in > end || source < start || at + length > stop) {
          throw new HdfException("a chunk is not BloscLZ data");
        }
        for (int i = 0; i < length; i++) {
          out[at++] = out[source++];
        }
      }
      if (in >= end) {
        break;
      }
      control = Byte.toUnsignedInt(bytes[in++]);
    }
    if (at != stop) {
      throw new HdfException("a chunk is not BloscLZ data of the size it declares");
    }
  }
}
