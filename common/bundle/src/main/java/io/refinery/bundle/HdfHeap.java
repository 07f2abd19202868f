package io.refinery.bundle;

import io.jhdf.GlobalHeap;
import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads values of variable length, which a file stores in heaps; caches the last few heaps. */
final class HdfHeap {

  private static final int KEPT = 4;
  private static final int LARGEST_HEAP = 32 << 20;

  private final HdfStorage storage;
  private final Map<Long, GlobalHeap> heaps =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, GlobalHeap> eldest) {
          return size() > KEPT;
        }
      };

  HdfHeap(HdfStorage storage) {
    this.storage = storage;
  }

  /**
   * Returns the values that references point to.
   *
   * @param references elements as they are stored: length, heap, index
   * @param itemSize bytes of one item of a value
   */
  byte[][] resolve(byte[] references, int itemSize) {
    int element = 8 + storage.getSizeOfOffsets();
    ByteBuffer buffer = ByteBuffer.wrap(references).order(ByteOrder.LITTLE_ENDIAN);
    byte[][] values = new byte[references.length / element][];
    for (int i = 0; i < values.length; i++) {
      long items = Integer.toUnsignedLong(buffer.getInt());
      long address = HdfObject.unsigned(buffer, storage.getSizeOfOffsets());
      int index = buffer.getInt();
      values[i] = items == 0 || index == 0 ? new byte[0] : value(address, index, items * itemSize);
    }
    return values;
  }

  private byte[] value(long address, int index, long bytes) {
    ByteBuffer data = heap(address).getObjectData(index);
    if (bytes > data.remaining()) {
      throw new HdfException("a value of " + bytes + " bytes has only " + data.remaining());
    }
    byte[] value = new byte[(int) bytes];
    data.get(value);
    return value;
  }

  private GlobalHeap heap(long address) {
    GlobalHeap kept = heaps.get(address);
    if (kept == null) {
      ByteBuffer header = storage.piece(address, 8 + storage.getSizeOfLengths());
      long size = HdfObject.unsigned(header.position(8), storage.getSizeOfLengths());
      if (size < 0 || size > LARGEST_HEAP) {
        throw new HdfException("it declares a heap of " + size + " bytes");
      }
      storage.startStructure();
      kept = new GlobalHeap(storage, address);
      heaps.put(address, kept);
    }
    return kept;
  }
}
