package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a dataset's elements are stored (specification IV.A.2.i, versions 1 to 5). Version 5, of
 * HDF5 2.0, differs from version 4 only in the size of an entry of a filtered chunk index, which
 * the index itself declares.
 */
sealed interface HdfLayout {

  /** The elements themselves. */
  record Compact(ByteBuffer data) implements HdfLayout {}

  /**
   * One block.
   *
   * @param size its bytes; -1 if the message does not say
   */
  record Contiguous(long address, long size) implements HdfLayout {}

  /** Chunks, found by an index. */
  final class Chunked implements HdfLayout {

    private final int[] chunk;
    private final int elementBytes;
    private final int index;
    private final HdfChunk start;
    private final boolean plainEdges;

    private Chunked(int[] dims, int index, HdfChunk start, boolean plainEdges) {
      if (dims.length < 2) {
        throw new HdfException("its chunks have no dimensions");
      }
      // The last dimension of a chunk is the size of an element.
      this.chunk = Arrays.copyOf(dims, dims.length - 1);
      this.elementBytes = dims[dims.length - 1];
      this.index = index;
      this.start = start;
      this.plainEdges = plainEdges;
    }

    /** Returns the dimensions of a chunk. */
    int[] chunk() {
      return chunk;
    }

    int elementBytes() {
      return elementBytes;
    }

    /** Returns the kind of index, as in version 4; {@link #TREE_V1} for older versions. */
    int index() {
      return index;
    }

    /** Returns where the index is, or the only chunk, or the first of an implicit index. */
    HdfChunk start() {
      return start;
    }

    /** Whether chunks that reach over the dataset's end are not filtered. */
    boolean plainEdges() {
      return plainEdges;
    }
  }

  /** Parts of other datasets. */
  record Virtual() implements HdfLayout {}

  int TREE_V1 = 0;
  int SINGLE = 1;
  int IMPLICIT = 2;
  int FIXED_ARRAY = 3;
  int EXTENSIBLE_ARRAY = 4;
  int TREE_V2 = 5;

  int COMPACT_CLASS = 0;
  int CONTIGUOUS_CLASS = 1;
  int CHUNKED_CLASS = 2;
  int VIRTUAL_CLASS = 3;

  static HdfLayout parse(ByteBuffer message, HdfStorage storage) {
    int version = message.get();
    if (version < 1 || version > 5) {
      throw new UnsupportedHdfException("its data layout has version " + version);
    }
    if (version < 3) {
      return old(message, storage);
    }
    int kind = message.get();
    return switch (kind) {
      case COMPACT_CLASS -> compact(message, Short.toUnsignedInt(message.getShort()));
      case CONTIGUOUS_CLASS ->
          new Contiguous(
              HdfObject.unsigned(message, storage.getSizeOfOffsets()),
              HdfObject.unsigned(message, storage.getSizeOfLengths()));
      case CHUNKED_CLASS -> version == 3 ? chunked3(message, storage) : chunked4(message, storage);
      case VIRTUAL_CLASS -> new Virtual();
      default -> throw new HdfException("its data layout has class " + kind);
    };
  }

  private static HdfLayout old(ByteBuffer message, HdfStorage storage) {
    int rank = Byte.toUnsignedInt(message.get());
    int kind = message.get();
    message.position(message.position() + 5);
    long address =
        kind == COMPACT_CLASS
            ? HdfStorage.UNDEFINED
            : HdfObject.unsigned(message, storage.getSizeOfOffsets());
    int[] dims = dims(message, rank, Integer.BYTES);
    return switch (kind) {
      case COMPACT_CLASS -> compact(message, message.getInt());
      case CONTIGUOUS_CLASS -> new Contiguous(address, -1);
      case CHUNKED_CLASS -> tree(dims, address);
      default -> throw new HdfException("its data layout has class " + kind);
    };
  }

  private static Compact compact(ByteBuffer message, int size) {
    if (size < 0 || size > message.remaining()) {
      throw new HdfException("its data layout is truncated");
    }
    return new Compact(message.slice(message.position(), size));
  }

  private static Chunked chunked3(ByteBuffer message, HdfStorage storage) {
    int rank = Byte.toUnsignedInt(message.get());
    long address = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    return tree(dims(message, rank, Integer.BYTES), address);
  }

  private static Chunked tree(int[] dims, long address) {
    return new Chunked(dims, TREE_V1, new HdfChunk(address, -1, 0), false);
  }

  private static Chunked chunked4(ByteBuffer message, HdfStorage storage) {
    int flags = message.get();
    int rank = Byte.toUnsignedInt(message.get());
    int bytes = message.get();
    if (bytes < 1 || bytes > Long.BYTES) {
      throw new HdfException("its chunk dimensions have " + bytes + " bytes");
    }
    int[] dims = dims(message, rank, bytes);
    int index = message.get();
    long size = -1;
    int mask = 0;
    switch (index) {
      case SINGLE -> {
        if ((flags & 2) != 0) {
          size = HdfObject.unsigned(message, storage.getSizeOfLengths());
          mask = message.getInt();
        }
      }
      case IMPLICIT -> {}
      case FIXED_ARRAY -> message.get();
      case EXTENSIBLE_ARRAY -> message.position(message.position() + 5);
      case TREE_V2 -> message.position(message.position() + 6);
      default -> throw new UnsupportedHdfException("its chunks have an index of type " + index);
    }
    long address = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    return new Chunked(dims, index, new HdfChunk(address, size, mask), (flags & 1) != 0);
  }

  private static int[] dims(ByteBuffer message, int rank, int bytes) {
    int[] dims = new int[rank];
    for (int d = 0; d < rank; d++) {
      dims[d] = Math.toIntExact(HdfObject.unsigned(message, bytes));
    }
    return dims;
  }
}
