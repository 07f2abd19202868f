package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Room for new blocks in an HDF5 file: ranges that are free first, then the file's end. */
final class HdfSpace {

  /** A range of bytes; its address counts from the superblock. */
  record Range(long address, long bytes) {
    long end() {
      return address + bytes;
    }
  }

  private final FileChannel channel;
  private final long base;
  private final Deque<Range> free;
  private long end;

  /**
   * @param base position of the superblock
   * @param end where the file ends, counted from the superblock
   * @param free unused ranges, in order of their addresses
   */
  HdfSpace(FileChannel channel, long base, long end, List<Range> free) {
    this.channel = channel;
    this.base = base;
    this.end = end;
    this.free = new ArrayDeque<>(free);
  }

  /** Returns where the file ends, counted from the superblock. */
  long end() {
    return end;
  }

  /** Returns the address of a new block, in a free range if one is large enough. */
  long allocate(long bytes) {
    while (!free.isEmpty()) {
      Range range = free.remove();
      if (range.bytes >= bytes) {
        free.addFirst(new Range(range.address + bytes, range.bytes - bytes));
        return range.address;
      }
    }
    return extend(bytes);
  }

  /** Returns the address of a new block at the end of the file. */
  long extend(long bytes) {
    long address = end;
    end = Math.addExact(end, bytes);
    return address;
  }

  /** Writes the rest of {@code bytes} at {@code address}. */
  void write(long address, ByteBuffer bytes) throws IOException {
    for (long at = base + address; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  /** Reads bytes that were written, or that lie in the file. */
  ByteBuffer read(long address, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, base + address + bytes.position()) < 0) {
        throw new EOFException("The file ends before byte " + (base + address + length));
      }
    }
    return bytes.flip();
  }

  /** Writes bytes into a new block and returns its address. */
  long append(ByteBuffer bytes) throws IOException {
    long address = allocate(bytes.remaining());
    write(address, bytes);
    return address;
  }

  /** Adds a range to a list, joined to the last one if they are adjacent. */
  static void addTo(List<Range> ranges, Range range) {
    Range last = ranges.isEmpty() ? new Range(Long.MIN_VALUE, 0) : ranges.get(ranges.size() - 1);
    if (range.address == last.end()) {
      ranges.set(ranges.size() - 1, new Range(last.address, last.bytes + range.bytes));
    } else {
      ranges.add(range);
    }
  }

  /**
   * Returns ranges in the order of their addresses, adjacent ones joined.
   *
   * @throws HdfException when ranges overlap
   */
  static List<Range> joined(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::address));
    List<Range> joined = new ArrayList<>();
    long end = 0;
    for (Range range : sorted) {
      if (range.address < end) {
        throw new HdfException("two chunks lie on the same bytes, at " + range.address);
      }
      end = range.end();
      addTo(joined, range);
    }
    return joined;
  }
}
