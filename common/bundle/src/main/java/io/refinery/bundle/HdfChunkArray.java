package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The chunk indices that are arrays: fixed (specification VII.C) and extensible (VII.D). Blocks are
 * read on demand and their checksums are verified; the last ones are cached.
 */
abstract class HdfChunkArray implements HdfChunks {

  private static final int CHECKSUM = 4;

  final HdfStorage storage;
  final long header;
  final boolean filtered;
  private final HdfGrid grid;
  int elementBytes;
  private long blockAddress = HdfStorage.UNDEFINED;
  private ByteBuffer block = ByteBuffer.allocate(0);

  HdfChunkArray(HdfStorage storage, long header, boolean filtered, HdfGrid grid) {
    this.storage = storage;
    this.header = header;
    this.filtered = filtered;
    this.grid = grid;
  }

  @Override
  public final Optional<HdfChunk> find(long[] offset) {
    return element(grid.number(offset)).filter(HdfChunk::isStored);
  }

  abstract Optional<HdfChunk> element(long number);

  /** Checks a block's signature, version and class; the position is then after them. */
  final void expect(ByteBuffer bytes, String signature) {
    if (bytes.getInt() != HdfObject.signature(signature)
        || bytes.get() != 0
        || bytes.get() != (filtered ? 1 : 0)) {
      throw new HdfException("there is no block " + signature + " of a chunk index");
    }
  }

  final void expectHeader(ByteBuffer bytes) {
    if (HdfObject.unsigned(bytes, storage.getSizeOfOffsets()) != header) {
      throw new HdfException("a block belongs to another chunk index");
    }
  }

  final void checkElementBytes() {
    int fixed = storage.getSizeOfOffsets() + (filtered ? CHECKSUM : 0);
    int size = elementBytes - fixed;
    if (filtered ? size < 1 || size > Long.BYTES : size != 0) {
      throw new HdfException("a chunk index has entries of " + elementBytes + " bytes");
    }
  }

  final long pageBytes(long elements) {
    return elements * elementBytes + CHECKSUM;
  }

  /** Reads a page of a block, which holds elements and nothing else. */
  final HdfChunk inPage(long address, long elements, long number) {
    ByteBuffer page = kept(address, elements * elementBytes);
    return chunk(page, number * elementBytes);
  }

  /** Returns a block whose checksum follows it. */
  final ByteBuffer kept(long address, long bytes) {
    if (blockAddress != address || block.limit() != bytes) {
      block = storage.checked(address, Math.toIntExact(bytes));
      blockAddress = address;
    }
    return block.position(0);
  }

  final HdfChunk chunk(ByteBuffer elements, long at) {
    elements.position(Math.toIntExact(at));
    long address = HdfObject.unsigned(elements, storage.getSizeOfOffsets());
    if (!filtered) {
      return new HdfChunk(address, -1, 0);
    }
    long size = HdfObject.unsigned(elements, elementBytes - storage.getSizeOfOffsets() - CHECKSUM);
    return new HdfChunk(address, size, elements.getInt());
  }

  static boolean bit(ByteBuffer bytes, int start, long number) {
    int at = Math.toIntExact(start + number / 8);
    return (bytes.get(at) & (0x80 >> (int) (number % 8))) != 0;
  }

  /** The array of a dataset whose size is limited. */
  static final class Fixed extends HdfChunkArray {

    private final long count;
    private final long pageElements;
    private final long data;

    Fixed(HdfStorage storage, long address, boolean filtered, HdfGrid grid) {
      super(storage, address, filtered, grid);
      int lengths = storage.getSizeOfLengths();
      ByteBuffer bytes = storage.checked(address, 8 + lengths + storage.getSizeOfOffsets());
      expect(bytes, "FAHD");
      elementBytes = Byte.toUnsignedInt(bytes.get());
      checkElementBytes();
      this.pageElements = 1L << (bytes.get() & 63);
      this.count = HdfObject.unsigned(bytes, lengths);
      this.data = HdfObject.unsigned(bytes, storage.getSizeOfOffsets());
      if (count < 0 || pageElements < 1) {
        throw new HdfException("a chunk index has a negative size");
      }
    }

    @Override
    Optional<HdfChunk> element(long number) {
      if (data == HdfStorage.UNDEFINED) {
        return Optional.empty();
      }
      if (number >= count) {
        throw new HdfException("a chunk index has " + count + " entries, too few");
      }
      int prefix = 6 + storage.getSizeOfOffsets();
      if (count <= pageElements) {
        ByteBuffer bytes = kept(data, prefix + Math.multiplyExact(count, elementBytes));
        expect(bytes, "FADB");
        expectHeader(bytes);
        return Optional.of(chunk(bytes, prefix + number * elementBytes));
      }
      long pages = (count + pageElements - 1) / pageElements;
      long start = prefix + (pages + 7) / 8;
      ByteBuffer bytes = storage.checked(data, Math.toIntExact(start));
      expect(bytes, "FADB");
      expectHeader(bytes);
      long page = number / pageElements;
      if (!bit(bytes, prefix, page)) {
        return Optional.empty();
      }
      long address = data + start + CHECKSUM + page * pageBytes(pageElements);
      long elements = Math.min(pageElements, count - page * pageElements);
      return Optional.of(inPage(address, elements, number % pageElements));
    }
  }

  /** The array of a dataset that can grow in one dimension. */
  static final class Extensible extends HdfChunkArray {

    private final int offsetBytes;
    private final int inIndex;
    private final long smallest;
    private final int superBlocks;
    private final int superInIndex;
    private final int dataInIndex;
    private final long pageElements;
    private final long indexAddress;
    private ByteBuffer index = ByteBuffer.allocate(0);

    Extensible(HdfStorage storage, long address, boolean filtered, HdfGrid grid) {
      super(storage, address, filtered, grid);
      int lengths = storage.getSizeOfLengths();
      ByteBuffer bytes = storage.checked(address, 12 + 6 * lengths + storage.getSizeOfOffsets());
      expect(bytes, "EAHD");
      elementBytes = Byte.toUnsignedInt(bytes.get());
      checkElementBytes();
      int bits = Byte.toUnsignedInt(bytes.get());
      this.inIndex = Byte.toUnsignedInt(bytes.get());
      this.smallest = Byte.toUnsignedLong(bytes.get());
      int pointers = Byte.toUnsignedInt(bytes.get());
      this.pageElements = 1L << (bytes.get() & 63);
      bytes.position(bytes.position() + 6 * lengths);
      this.indexAddress = HdfObject.unsigned(bytes, storage.getSizeOfOffsets());
      if (bits < 1
          || bits > 63
          || Long.bitCount(smallest) != 1
          || Integer.bitCount(pointers) != 1
          || pageElements < 1) {
        throw new HdfException("the chunk index at byte " + address + " is not valid");
      }
      this.offsetBytes = (bits + 7) / 8;
      this.superBlocks = 1 + bits - Long.numberOfTrailingZeros(smallest);
      this.superInIndex = 2 * Integer.numberOfTrailingZeros(pointers);
      this.dataInIndex = 2 * (pointers - 1);
      if (superBlocks < superInIndex) {
        throw new HdfException("the chunk index at byte " + address + " is not valid");
      }
    }

    @Override
    Optional<HdfChunk> element(long number) {
      if (indexAddress == HdfStorage.UNDEFINED) {
        return Optional.empty();
      }
      int offsets = storage.getSizeOfOffsets();
      int prefix = 6 + offsets;
      int pointers = prefix + inIndex * elementBytes;
      ByteBuffer bytes = index(pointers + (dataInIndex + superBlocks - superInIndex) * offsets);
      if (number < inIndex) {
        return Optional.of(chunk(bytes, prefix + number * elementBytes));
      }
      long rest = number - inIndex;
      int level = 63 - Long.numberOfLeadingZeros(rest / smallest + 1);
      if (level >= superBlocks) {
        throw new HdfException("a chunk index has too few entries");
      }
      long at = rest - smallest * ((1L << level) - 1);
      long blocks = 1L << (level / 2);
      long elements = smallest << ((level + 1) / 2);
      long block = at / elements;
      if (level < superInIndex) {
        // Before this level there are as many blocks as the levels below have together.
        long before = 0;
        for (int below = 0; below < level; below++) {
          before += 1L << (below / 2);
        }
        bytes.position(Math.toIntExact(pointers + (before + block) * offsets));
        return inBlock(HdfObject.unsigned(bytes, offsets), elements, at % elements);
      }
      bytes.position(pointers + (dataInIndex + level - superInIndex) * offsets);
      long address = HdfObject.unsigned(bytes, offsets);
      return address == HdfStorage.UNDEFINED
          ? Optional.empty()
          : inSuperBlock(address, blocks, elements, block, at % elements);
    }

    private ByteBuffer index(int size) {
      if (index.limit() != size) {
        index = storage.checked(indexAddress, size);
        expect(index, "EAIB");
        expectHeader(index);
      }
      return index.position(0);
    }

    private Optional<HdfChunk> inSuperBlock(
        long address, long blocks, long elements, long block, long at) {
      int offsets = storage.getSizeOfOffsets();
      int prefix = 6 + offsets + offsetBytes;
      long pages = elements > pageElements ? elements / pageElements : 0;
      long bitmap = blocks * ((pages + 7) / 8);
      ByteBuffer bytes =
          storage.checked(address, Math.toIntExact(prefix + bitmap + blocks * offsets));
      expect(bytes, "EASB");
      expectHeader(bytes);
      bytes.position(Math.toIntExact(prefix + bitmap + block * offsets));
      long data = HdfObject.unsigned(bytes, offsets);
      if (data == HdfStorage.UNDEFINED || pages == 0) {
        return inBlock(data, elements, at);
      }
      long page = at / pageElements;
      if (!bit(bytes, prefix, block * pages + page)) {
        return Optional.empty();
      }
      checkBlock(storage.checked(data, prefix));
      long start = data + prefix + CHECKSUM + page * pageBytes(pageElements);
      return Optional.of(inPage(start, pageElements, at % pageElements));
    }

    private Optional<HdfChunk> inBlock(long address, long elements, long at) {
      if (address == HdfStorage.UNDEFINED) {
        return Optional.empty();
      }
      int prefix = 6 + storage.getSizeOfOffsets() + offsetBytes;
      ByteBuffer bytes = kept(address, prefix + elements * elementBytes);
      checkBlock(bytes);
      return Optional.of(chunk(bytes, prefix + at * elementBytes));
    }

    private void checkBlock(ByteBuffer bytes) {
      expect(bytes, "EADB");
      expectHeader(bytes);
    }
  }
}
