package io.refinery.bundle;

import com.github.luben.zstd.Zstd;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** The compressions of HDF5 chunks. Each yields exactly the bytes asked for, or fails. */
final class HdfCodecs {

  private static final LZ4SafeDecompressor LZ4 = LZ4Factory.safeInstance().safeDecompressor();
  private static final int CHECKSUM_BYTES = 4;

  private HdfCodecs() {}

  private static HdfException broken(String name, int size) {
    return new HdfException("a chunk is not " + name + " data of " + size + " bytes");
  }

  static byte[] inflate(byte[] bytes, int size) {
    return inflate(bytes, 0, bytes.length, size);
  }

  static byte[] inflate(byte[] bytes, int from, int length, int size) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, from, length);
      byte[] inflated = new byte[size];
      int done = 0;
      while (done < size) {
        int count = inflater.inflate(inflated, done, size - done);
        if (count == 0) {
          throw new HdfException("a chunk inflates to " + done + " bytes, not " + size);
        }
        done += count;
      }
      // Only at its end does the stream's checksum count.
      if (inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
        throw broken("gzip", size);
      }
      return inflated;
    } catch (DataFormatException e) {
      throw new HdfException("a chunk is not gzip data", e);
    } finally {
      inflater.end();
    }
  }

  /** Decodes the format of liblzf: runs of literals, and copies of earlier bytes. */
  static byte[] unlzf(byte[] bytes, int size) {
    byte[] out = new byte[size];
    int in = 0;
    int at = 0;
    while (in < bytes.length) {
      int control = Byte.toUnsignedInt(bytes[in++]);
      if (control < 32) {
        int run = control + 1;
        if (in + run > bytes.length || at + run > size) {
          throw broken("lzf", size);
        }
        System.arraycopy(bytes, in, out, at, run);
        in += run;
        at += run;
        continue;
      }
      int length = (control >> 5) + 2;
      int more = length == 9 ? 1 : 0;
      if (in + more + 1 > bytes.length) {
        throw broken("lzf", size);
      }
      length += more == 1 ? Byte.toUnsignedInt(bytes[in++]) : 0;
      int source = at - ((control & 31) << 8) - Byte.toUnsignedInt(bytes[in++]) - 1;
      if (source < 0 || at + length > size) {
        throw broken("lzf", size);
      }
      for (int i = 0; i < length; i++) {
        out[at++] = out[source++];
      }
    }
    if (at != size) {
      throw broken("lzf", size);
    }
    return out;
  }

  /** Decodes blocks of LZ4, after the chunk's size and that of a block. */
  static byte[] unlz4(byte[] bytes, int size) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long total = in.getLong();
    int block = in.getInt();
    if (total != size || block < 1) {
      throw broken("lz4", size);
    }
    byte[] out = new byte[size];
    for (int at = 0; at < size; ) {
      int length = Math.min(block, size - at);
      int stored = in.getInt();
      if (stored < 0 || stored > in.remaining()) {
        throw broken("lz4", size);
      }
      if (stored == length) {
        in.get(out, at, length);
      } else {
        unlz4(bytes, in.position(), stored, out, at, length);
        in.position(in.position() + stored);
      }
      at += length;
    }
    return out;
  }

  static void unlz4(byte[] bytes, int from, int length, byte[] out, int at, int size) {
    try {
      if (LZ4.decompress(bytes, from, length, out, at, size) != size) {
        throw broken("lz4", size);
      }
    } catch (LZ4Exception e) {
      throw new HdfException("a chunk is not lz4 data", e);
    }
  }

  static byte[] unzstd(byte[] bytes, int from, int length, int size) {
    byte[] out = new byte[size];
    long found = Zstd.decompressByteArray(out, 0, size, bytes, from, length);
    if (Zstd.isError(found) || found != size) {
      throw broken("zstd", size);
    }
    return out;
  }

  /** Verifies the checksum after the data, and returns the data. */
  static byte[] verifyFletcher32(byte[] bytes) {
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0) {
      throw new HdfException("a chunk has no checksum");
    }
    int stored = Integer.reverseBytes(ByteBuffer.wrap(bytes).getInt(length));
    int found = fletcher32(bytes, length);
    // HDF5 before 1.6.3 swapped the bytes on some machines, and the library still accepts that.
    int swapped = (found & 0x00FF00FF) << 8 | (found >>> 8 & 0x00FF00FF);
    if (stored != found && stored != swapped) {
      throw new HdfException("the checksum of a chunk differs");
    }
    return Arrays.copyOf(bytes, length);
  }

  private static int fletcher32(byte[] bytes, int length) {
    // Sums of 360 words fit into 32 bits, so the sums are reduced that often.
    long first = 0;
    long second = 0;
    int words = length / 2;
    for (int word = 0; word < words; word++) {
      first += Byte.toUnsignedInt(bytes[2 * word]) << 8 | Byte.toUnsignedInt(bytes[2 * word + 1]);
      second += first;
      if (word % 360 == 359 || word == words - 1) {
        first = reduced(first);
        second = reduced(second);
      }
    }
    if (length % 2 != 0) {
      first += Byte.toUnsignedLong(bytes[length - 1]) << 8;
      second += first;
      first = reduced(first);
      second = reduced(second);
    }
    return (int) (reduced(second) << 16 | reduced(first));
  }

  private static long reduced(long sum) {
    return (sum & 0xFFFF) + (sum >> 16);
  }
}
