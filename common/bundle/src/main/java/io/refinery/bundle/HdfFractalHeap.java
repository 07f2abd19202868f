package io.refinery.bundle;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A fractal heap (specification III.G), which holds the links of a large group or the attributes of
 * an object with many. Checksums are verified.
 */
final class HdfFractalHeap {

  /** Links are in the order of their hashes, so that all blocks are needed all the time. */
  private static final int KEPT = 512;

  private static final int DEEPEST = 32;
  private static final int HUGE_RECORDS = 1;

  private final HdfStorage storage;
  private final int idBytes;
  private final boolean blocksHaveChecksums;
  private final long hugeTree;
  private final int width;
  private final long firstBlock;
  private final long largestBlock;
  private final int offsetBytes;
  private final int lengthBytes;
  private final long root;
  private final int rootRows;
  private final Map<Long, ByteBuffer> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
          return size() > KEPT;
        }
      };

  HdfFractalHeap(HdfStorage storage, long address) {
    this.storage = storage;
    int lengths = storage.getSizeOfLengths();
    int offsets = storage.getSizeOfOffsets();
    ByteBuffer start = storage.piece(address, 9);
    if (start.getInt() != HdfObject.signature("FRHP") || start.get() != 0) {
      throw new HdfException("there is no heap at byte " + address);
    }
    this.idBytes = Short.toUnsignedInt(start.getShort());
    if (start.getShort() != 0) {
      throw new UnsupportedHdfException("it has a group or attributes whose heap is compressed");
    }
    ByteBuffer header = storage.checked(address, 22 + 12 * lengths + 3 * offsets).position(9);
    this.blocksHaveChecksums = (header.get() & 2) != 0;
    long largestObject = Integer.toUnsignedLong(header.getInt());
    header.position(header.position() + lengths);
    this.hugeTree = HdfObject.unsigned(header, offsets);
    header.position(header.position() + 9 * lengths + offsets);
    this.width = Short.toUnsignedInt(header.getShort());
    this.firstBlock = HdfObject.unsigned(header, lengths);
    this.largestBlock = HdfObject.unsigned(header, lengths);
    int offsetBits = Short.toUnsignedInt(header.getShort());
    header.getShort();
    this.root = HdfObject.unsigned(header, offsets);
    this.rootRows = Short.toUnsignedInt(header.getShort());
    if (!isPower(firstBlock)
        || !isPower(largestBlock)
        || !isPower(width)
        || firstBlock > largestBlock
        || largestBlock > HdfStorage.LARGEST_PIECE
        || offsetBits < 1
        || offsetBits > 63
        || idBytes < 2) {
      throw new HdfException("the heap at byte " + address + " is not valid");
    }
    this.offsetBytes = (offsetBits + 7) / 8;
    this.lengthBytes = Math.min((log2(largestBlock) + 7) / 8, HdfTree2.bytesFor(largestObject));
  }

  private static boolean isPower(long value) {
    return value > 0 && Long.bitCount(value) == 1;
  }

  private static int log2(long value) {
    return 63 - Long.numberOfLeadingZeros(value);
  }

  /** Returns the object of an ID, as a group's or attribute's tree holds it. */
  ByteBuffer get(ByteBuffer id) {
    int first = Byte.toUnsignedInt(id.get());
    if (first >> 6 != 0) {
      throw new HdfException("a heap ID has version " + (first >> 6));
    }
    return switch (first >> 4 & 3) {
      case 0 -> managed(number(id, offsetBytes), number(id, lengthBytes));
      case 1 -> huge(id);
      case 2 -> {
        int length = (idBytes > 17 ? (first & 15) << 8 | Byte.toUnsignedInt(id.get()) : first & 15);
        yield little(id.slice(id.position(), length + 1));
      }
      default -> throw new HdfException("a heap ID has an unknown type");
    };
  }

  private static ByteBuffer little(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long number(ByteBuffer bytes, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= Byte.toUnsignedLong(bytes.get()) << (8 * i);
    }
    return value;
  }

  private ByteBuffer huge(ByteBuffer id) {
    int offsets = storage.getSizeOfOffsets();
    int lengths = storage.getSizeOfLengths();
    if (idBytes - 1 >= offsets + lengths) {
      return storage.piece(
          HdfObject.unsigned(id, offsets), Math.toIntExact(HdfObject.unsigned(id, lengths)));
    }
    long key = number(id, Math.min(lengths, idBytes - 1));
    ByteBuffer record =
        new HdfTree2(storage, hugeTree, HUGE_RECORDS)
            .find(
                found ->
                    Long.compareUnsigned(
                        key, HdfObject.unsigned(found.position(offsets + lengths), lengths)))
            .orElseThrow(() -> new HdfException("a heap lacks object " + key));
    return storage.piece(
        HdfObject.unsigned(record, offsets), Math.toIntExact(HdfObject.unsigned(record, lengths)));
  }

  private ByteBuffer managed(long offset, long length) {
    long at = offset;
    long block = root;
    int rows = rootRows;
    for (int depth = 0; rows > 0; depth++) {
      if (depth > DEEPEST) {
        throw new HdfException("a heap does not end");
      }
      int row = 0;
      while (row < rows && at >= width * rowBlock(row)) {
        at -= width * rowBlock(row);
        row++;
      }
      if (row == rows) {
        throw new HdfException("a heap ID points outside its heap");
      }
      int column = (int) (at / rowBlock(row));
      at %= rowBlock(row);
      block = child(block, rows, row * width + column);
      if (row < directRows()) {
        return object(direct(block, rowBlock(row)), at, length);
      }
      rows = log2(rowBlock(row)) - log2(firstBlock) - log2(width) + 1;
    }
    return object(direct(block, firstBlock), at, length);
  }

  private static ByteBuffer object(ByteBuffer block, long at, long length) {
    if (at + length > block.limit()) {
      throw new HdfException("a heap object reaches over its block");
    }
    return little(block.slice((int) at, (int) length));
  }

  /** Returns the size of a block in a row of the doubling table. */
  private long rowBlock(int row) {
    return row == 0 ? firstBlock : firstBlock << Math.min(row - 1, 40);
  }

  private int directRows() {
    return log2(largestBlock) - log2(firstBlock) + 2;
  }

  private int prefix() {
    return 5 + storage.getSizeOfOffsets() + offsetBytes;
  }

  private long child(long address, int rows, int number) {
    int bytes = prefix() + rows * width * storage.getSizeOfOffsets();
    ByteBuffer block = blocks.get(address);
    if (block == null) {
      block = storage.checked(address, bytes);
      expect(block, "FHIB");
      blocks.put(address, block);
    }
    if (block.limit() < bytes) {
      throw new HdfException("a heap block is used twice");
    }
    ByteBuffer pointers = little(block.duplicate());
    pointers.position(prefix() + number * storage.getSizeOfOffsets());
    return HdfObject.unsigned(pointers, storage.getSizeOfOffsets());
  }

  private ByteBuffer direct(long address, long size) {
    ByteBuffer block = blocks.get(address);
    if (block == null) {
      block = storage.piece(address, Math.toIntExact(size));
      expect(block, "FHDB");
      if (blocksHaveChecksums) {
        int stored = block.getInt(prefix());
        block.putInt(prefix(), 0);
        if (ChecksumUtils.checksum(block.duplicate()) != stored) {
          throw new HdfException("the checksum of the heap block at byte " + address + " differs");
        }
      }
      blocks.put(address, block);
    }
    return block;
  }

  private static void expect(ByteBuffer block, String signature) {
    if (block.getInt(0) != HdfObject.signature(signature) || block.get(4) != 0) {
      throw new HdfException("there is no heap block where one should be");
    }
  }
}
