package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The names of a group of the older format, or of external files (specification III.D). */
final class HdfLocalHeap {

  private static final int END_OF_FREE = 1;

  private final ByteBuffer data;

  HdfLocalHeap(HdfStorage storage, long address) {
    int lengths = storage.getSizeOfLengths();
    int offsets = storage.getSizeOfOffsets();
    ByteBuffer header = storage.piece(address, 8 + 2 * lengths + offsets);
    if (header.getInt(0) != HdfObject.signature("HEAP") || header.get(4) != 0) {
      throw new HdfException("there is no heap of names at byte " + address);
    }
    int size = Math.toIntExact(HdfObject.unsigned(header.position(8), lengths));
    long free = HdfObject.unsigned(header, lengths);
    this.data = storage.piece(HdfObject.unsigned(header, offsets), size);
    checkFree(free, lengths);
  }

  /** Checks the list of free space, as HDF5 does. */
  private void checkFree(long first, int lengths) {
    long next = first;
    for (int seen = 0; next != END_OF_FREE; seen++) {
      if (next < 0 || next > data.limit() - 2L * lengths || seen > data.limit()) {
        throw new HdfException("the free space of a heap of names is not valid");
      }
      ByteBuffer block = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).position((int) next);
      long after = HdfObject.unsigned(block, lengths);
      long size = HdfObject.unsigned(block, lengths);
      if (after == 0 || size < 0 || next + size > data.limit()) {
        throw new HdfException("the free space of a heap of names is not valid");
      }
      next = after;
    }
  }

  String name(long offset) {
    int start = Math.toIntExact(offset);
    int end = start;
    while (data.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    data.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
