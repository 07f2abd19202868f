package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads values of variable length, which a file stores in global heaps (specification III.E);
 * caches the last few heaps.
 */
final class HdfHeap {

  private static final int KEPT = 4;
  private static final int LARGEST_HEAP = 32 << 20;

  /** The bytes of a heap, and where its objects start. */
  private record Heap(ByteBuffer bytes, Map<Integer, Integer> objects) {}

  private final HdfStorage storage;
  private final Map<Long, Heap> heaps =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Heap> eldest) {
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
    Heap heap = heap(address);
    Integer start = heap.objects.get(index);
    if (start == null) {
      throw new HdfException("a heap lacks object " + index);
    }
    long size = size(heap.bytes, start);
    if (bytes > size) {
      throw new HdfException("a value of " + bytes + " bytes has only " + size);
    }
    byte[] value = new byte[(int) bytes];
    heap.bytes.get(start + headerBytes(), value);
    return value;
  }

  private long size(ByteBuffer bytes, int start) {
    return HdfObject.unsigned(
        bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(start + 8),
        storage.getSizeOfLengths());
  }

  /** Returns the size of the header of a heap, and of that of an object: aligned to 8 bytes. */
  private int headerBytes() {
    return (8 + storage.getSizeOfLengths() + 7) / 8 * 8;
  }

  private Heap heap(long address) {
    Heap kept = heaps.get(address);
    if (kept == null) {
      kept = read(address);
      heaps.put(address, kept);
    }
    return kept;
  }

  private Heap read(long address) {
    int lengths = storage.getSizeOfLengths();
    ByteBuffer header = storage.piece(address, 8 + lengths);
    if (header.getInt() != HdfObject.signature("GCOL") || header.get() != 1) {
      throw new HdfException("there is no heap at byte " + address);
    }
    long size = HdfObject.unsigned(header.position(8), lengths);
    if (size < headerBytes() || size > LARGEST_HEAP) {
      throw new HdfException("it declares a heap of " + size + " bytes");
    }
    ByteBuffer bytes = storage.piece(address, (int) size);
    Map<Integer, Integer> objects = new HashMap<>();
    int at = headerBytes();
    while (at + headerBytes() <= size) {
      int index = Short.toUnsignedInt(bytes.getShort(at));
      long length = size(bytes, at);
      if (index == 0) {
        break;
      }
      if (length < 0 || length > size - at - headerBytes()) {
        throw new HdfException("a heap object reaches over its heap");
      }
      objects.put(index, at);
      at += Math.toIntExact(headerBytes() + (length + 7) / 8 * 8);
    }
    return new Heap(bytes, objects);
  }
}
