package io.refinery.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Checks that the headers before the data of a ZIP's entries agree with its directory, and that no
 * entries overlap.
 */
final class LocalHeaders {

  private static final int SIGNATURE = 0x04034B50;
  private static final int BYTES = 30;
  private static final int LONGEST_DESCRIPTOR = 24;
  private static final int DESCRIPTOR_FLAG = 8;
  private static final int IN_EXTRA_FIELD = 0xFFFFFFFF;

  private final FileChannel channel;
  private ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  LocalHeaders(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Checks every entry.
   *
   * @param end where the ZIP's last record starts
   * @return how many bytes before the directory belong to no entry
   */
  long check(List<ZipItem> items, long end) throws BundleException, IOException {
    ZipItem[] ordered = items.toArray(ZipItem[]::new);
    Arrays.sort(ordered, Comparator.comparingLong(item -> item.entry().getLocalHeaderOffset()));
    long free = 0;
    long unused = 0;
    for (ZipItem item : ordered) {
      long start = item.entry().getLocalHeaderOffset();
      if (start < free) {
        throw ParserErrors.unreadable(item.where() + " overlaps another file in the ZIP file");
      }
      // The descriptor after data of unknown length belongs to its entry.
      unused += start - free > LONGEST_DESCRIPTOR ? start - free : 0;
      free = Math.addExact(check(item), item.entry().getCompressedSize());
      if (item.entry().getCompressedSize() < 0 || free > end) {
        throw ParserErrors.unreadable(item.where() + " ends after the end of the ZIP file's data");
      }
    }
    return unused;
  }

  /** Returns where the data start. */
  private long check(ZipItem item) throws BundleException, IOException {
    ZipArchiveEntry entry = item.entry();
    byte[] name = entry.getRawName();
    read(entry.getLocalHeaderOffset(), BYTES + name.length);
    boolean same =
        buffer.limit() == BYTES + name.length
            && buffer.getInt(0) == SIGNATURE
            && (buffer.getShort(8) & 0xFFFF) == entry.getMethod()
            && (buffer.getShort(26) & 0xFFFF) == name.length
            && Arrays.equals(name, 0, name.length, buffer.array(), BYTES, buffer.limit())
            && sizes(entry);
    if (!same) {
      throw ParserErrors.unreadable(
          item.where() + " has a header that differs from the ZIP file's directory");
    }
    return entry.getLocalHeaderOffset() + buffer.limit() + (buffer.getShort(28) & 0xFFFF);
  }

  private boolean sizes(ZipArchiveEntry entry) {
    boolean later = (buffer.getShort(6) & DESCRIPTOR_FLAG) != 0;
    return later
        || ((buffer.getInt(14) & 0xFFFFFFFFL) == entry.getCrc()
            && is(buffer.getInt(18), entry.getCompressedSize())
            && is(buffer.getInt(22), entry.getSize()));
  }

  private static boolean is(int field, long size) {
    return field == IN_EXTRA_FIELD || (field & 0xFFFFFFFFL) == size;
  }

  private void read(long at, int length) throws IOException {
    if (buffer.capacity() < length) {
      buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
    buffer.clear().limit(length);
    long from = at;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, from);
      if (read < 0) {
        break;
      }
      from += read;
    }
    buffer.flip();
  }
}
