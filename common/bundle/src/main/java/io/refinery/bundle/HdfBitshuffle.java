package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.nio.ByteBuffer;

/**
 * The bitshuffle filter: it stores bit 0 of all elements of a block, then bit 1, and so on, and may
 * compress the block. Elements after the last multiple of 8 are stored as they are.
 */
final class HdfBitshuffle {

  private static final int LZ4 = 2;
  private static final int ZSTD = 3;
  private static final int TARGET_BLOCK_BYTES = 8192;
  private static final int SMALLEST_BLOCK = 128;

  private HdfBitshuffle() {}

  /**
   * @param settings versions, element size, elements of a block or 0, and compression
   */
  static byte[] decode(byte[] bytes, int[] settings, int size) {
    int element = settings.length > 2 ? settings[2] : 0;
    int compression = settings.length > 4 ? settings[4] : 0;
    if (element < 1 || element > size) {
      throw new HdfException("the bitshuffle filter has no element size");
    }
    if (compression != 0 && compression != LZ4 && compression != ZSTD) {
      throw new UnsupportedHdfException(
          "it uses bitshuffle with compression "
              + compression
              + ", which is not supported; convert it with h5repack -f GZIP=4");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long block = settings.length > 3 ? Integer.toUnsignedLong(settings[3]) : 0;
    if (compression != 0) {
      long total = in.getLong();
      long blockBytes = Integer.toUnsignedLong(in.getInt());
      if (total != size || blockBytes % element != 0) {
        throw new HdfException("the header of a bitshuffle chunk does not match the chunk");
      }
      block = blockBytes / element;
    } else if (bytes.length != size) {
      throw new HdfException("a bitshuffle chunk holds " + bytes.length + " bytes, not " + size);
    }
    if (block == 0) {
      block = Math.max(SMALLEST_BLOCK, TARGET_BLOCK_BYTES / element / 8 * 8);
    }
    if (block % 8 != 0) {
      throw new HdfException("a bitshuffle block is not a multiple of 8 elements");
    }
    return blocks(in, bytes, compression, element, block, size);
  }

  private static byte[] blocks(
      ByteBuffer in, byte[] bytes, int compression, int element, long block, int size) {
    byte[] out = new byte[size];
    int shuffled = size / element / 8 * 8;
    for (int done = 0; done < shuffled; ) {
      int elements = (int) Math.min(block, shuffled - done);
      int length = elements * element;
      unshuffle(block(in, bytes, compression, length), 0, out, done * element, elements, element);
      done += elements;
    }
    int left = size - shuffled * element;
    if (in.remaining() < left) {
      throw new HdfException("a bitshuffle chunk is truncated");
    }
    in.get(out, size - left, left);
    return out;
  }

  private static byte[] block(ByteBuffer in, byte[] bytes, int compression, int length) {
    byte[] block = new byte[length];
    if (compression == 0) {
      in.get(block);
      return block;
    }
    int stored = in.getInt();
    if (stored < 0 || stored > in.remaining()) {
      throw new HdfException("a bitshuffle chunk is truncated");
    }
    if (compression == LZ4) {
      HdfCodecs.unlz4(bytes, in.position(), stored, block, 0, length);
    } else {
      block = HdfCodecs.unzstd(bytes, in.position(), stored, length);
    }
    in.position(in.position() + stored);
    return block;
  }

  /**
   * Undoes the shuffling of one block.
   *
   * @param elements a multiple of 8
   */
  static void unshuffle(
      byte[] shuffled, int from, byte[] out, int to, int elements, int elementBytes) {
    int row = elements / 8;
    for (int b = 0; b < elementBytes; b++) {
      for (int group = 0; group < row; group++) {
        long bits = 0;
        for (int bit = 0; bit < 8; bit++) {
          long eight = Byte.toUnsignedLong(shuffled[from + (b * 8 + bit) * row + group]);
          bits |= eight << (8 * bit);
        }
        bits = transposed(bits);
        for (int i = 0; i < 8; i++) {
          out[to + (group * 8 + i) * elementBytes + b] = (byte) (bits >>> (8 * i));
        }
      }
    }
  }

  /** Transposes a matrix of 8 x 8 bits: swaps single bits, then pairs, then fours. */
  private static long transposed(long bits) {
    long x = bits;
    long swap = (x ^ (x >>> 7)) & 0x00AA00AA00AA00AAL;
    x ^= swap ^ (swap << 7);
    swap = (x ^ (x >>> 14)) & 0x0000CCCC0000CCCCL;
    x ^= swap ^ (swap << 14);
    swap = (x ^ (x >>> 28)) & 0x00000000F0F0F0F0L;
    return x ^ swap ^ (swap << 28);
  }
}
