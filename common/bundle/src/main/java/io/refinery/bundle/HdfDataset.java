package io.refinery.bundle;

import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.CompactDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The stored elements of one dataset, read a few rows (indices of its first dimension) at a time.
 */
final class HdfDataset {

  private final HdfStorage storage;
  private final long[] dims;
  private final HdfType type;
  private final byte[] fill;
  private final DataLayoutMessage layout;
  private final HdfFilters filters;
  private final Optional<Chunked> chunked;

  /** The index of the chunks, their dimensions, and the last chunk decoded. */
  private static final class Chunked {
    private final HdfChunks index;
    private final int[] dims;
    private long[] lastOffset = {};
    private byte[] last = {};

    Chunked(HdfChunks index, int[] dims) {
      this.index = index;
      this.dims = dims;
    }
  }

  HdfDataset(HdfStorage storage, HdfObject object) {
    this.storage = storage;
    this.dims =
        DataSpace.readDataSpace(object.require(HdfObject.DATASPACE), storage.getSuperblock())
            .getDimensionsAsLong();
    this.type = HdfType.parse(object.require(HdfObject.DATATYPE));
    this.fill = fillValue(object);
    this.layout =
        DataLayoutMessage.createDataLayoutMessage(
            object.require(HdfObject.LAYOUT), storage.getSuperblock(), new BitSet());
    this.filters = HdfFilters.parse(object.first(HdfObject.FILTERS));
    this.chunked = chunked();
    for (long dim : dims) {
      if (dim < 0) {
        throw new HdfException("a dimension is negative");
      }
    }
  }

  long[] dims() {
    return dims;
  }

  /** Returns the length of the first dimension; 1 for a single value. */
  long rows() {
    return dims.length == 0 ? 1 : dims[0];
  }

  HdfType type() {
    return type;
  }

  /** Returns the size of one row, in bytes. */
  long rowBytes() {
    long bytes = type.size();
    for (int d = 1; d < dims.length; d++) {
      bytes = Math.multiplyExact(bytes, dims[d]);
    }
    return bytes;
  }

  /** Returns where the data are, if they are in one piece. */
  OptionalLong address() {
    return layout instanceof ContiguousDataLayoutMessage contiguous
            && contiguous.getAddress() != HdfStorage.UNDEFINED
        ? OptionalLong.of(contiguous.getAddress())
        : OptionalLong.empty();
  }

  /** Returns the number of rows of a chunk, if it holds whole rows. */
  OptionalInt wholeRowsPerChunk() {
    return chunked.isPresent() && holdsWholeRows(chunked.get())
        ? OptionalInt.of(chunked.get().dims[0])
        : OptionalInt.empty();
  }

  /** Visits where the chunks are; empty ones are nowhere. */
  void forEachChunk(Consumer<HdfSpace.Range> visitor) {
    chunked.ifPresent(
        chunks ->
            chunks.index.forEach(
                chunk -> visitor.accept(new HdfSpace.Range(chunk.getAddress(), chunk.getSize()))));
  }

  /**
   * Returns how many rows to read at once so that no chunk is decoded twice; 0 when any number
   * works.
   */
  long rowsTogether() {
    return chunked.map(c -> (long) c.dims[0]).orElse(0L);
  }

  /**
   * Reads {@code count} rows from row {@code from} into {@code into}, which has exactly their size.
   */
  void read(long from, int count, byte[] into) {
    if (from < 0 || count < 0 || from + count > rows()) {
      throw new HdfException("rows " + from + " to " + (from + count) + " do not exist");
    }
    if (layout instanceof ContiguousDataLayoutMessage contiguous) {
      if (contiguous.getAddress() == HdfStorage.UNDEFINED) {
        fill(into);
      } else {
        long start = Math.addExact(contiguous.getAddress(), from * rowBytes());
        storage.read(start, ByteBuffer.wrap(into));
      }
    } else if (layout instanceof CompactDataLayoutMessage compact) {
      ByteBuffer data = compact.getDataBuffer();
      data.get(Math.toIntExact(from * rowBytes()), into);
    } else {
      readChunks(chunked.orElseThrow(), from, count, into);
    }
  }

  private Optional<Chunked> chunked() {
    if (layout instanceof ChunkedDataLayoutMessage old) {
      int[] chunk = check(old.getChunkDimensions());
      return Optional.of(
          new Chunked(new HdfChunks.Tree(storage, old.getBTreeAddress(), dims.length), chunk));
    }
    if (layout instanceof ChunkedDataLayoutMessageV4 current) {
      int[] withSize = current.getChunkDimensions();
      int[] chunk = check(Arrays.copyOf(withSize, withSize.length - 1));
      return Optional.of(
          new Chunked(
              new HdfChunks.Index(storage, current, dims, chunk, chunkBytes(chunk)), chunk));
    }
    return Optional.empty();
  }

  private int[] check(int[] chunk) {
    if (chunk.length != dims.length || chunk.length == 0) {
      throw new HdfException("its chunks have a different number of dimensions");
    }
    chunkBytes(chunk);
    return chunk;
  }

  private int chunkBytes(int[] chunk) {
    long bytes = type.size();
    for (int dim : chunk) {
      if (dim < 1) {
        throw new HdfException("a chunk has no elements");
      }
      bytes = Math.multiplyExact(bytes, dim);
    }
    if (bytes > HdfStorage.LARGEST_PIECE) {
      throw new HdfException(
          "its chunks have "
              + bytes
              + " bytes, more than "
              + HdfStorage.LARGEST_PIECE
              + "; make them smaller with h5repack -l CHUNK=...");
    }
    return (int) bytes;
  }

  private void readChunks(Chunked chunks, long from, int count, byte[] into) {
    long[] offset = new long[dims.length];
    offset[0] = from / chunks.dims[0] * chunks.dims[0];
    while (true) {
      copy(chunks, offset, from, count, into);
      int d = dims.length - 1;
      while (d >= 0) {
        offset[d] += chunks.dims[d];
        if (offset[d] < (d == 0 ? from + count : dims[d])) {
          break;
        }
        offset[d] = d == 0 ? Long.MAX_VALUE : 0;
        d--;
      }
      if (d < 0) {
        return;
      }
    }
  }

  /** Copies the requested rows' part of the chunk at {@code offset}. */
  private void copy(Chunked chunks, long[] offset, long from, int count, byte[] into) {
    byte[] data = decoded(chunks, offset);
    long first = Math.max(from, offset[0]);
    long last = Math.min(from + count, offset[0] + chunks.dims[0]);
    int row = Math.toIntExact(rowBytes());
    if (holdsWholeRows(chunks)) {
      int source = (int) (first - offset[0]) * row;
      System.arraycopy(data, source, into, (int) (first - from) * row, (int) (last - first) * row);
      return;
    }
    for (long r = first; r < last; r++) {
      copyPart(chunks, offset, 1, data, r - offset[0], into, r - from);
    }
  }

  private boolean holdsWholeRows(Chunked chunks) {
    for (int d = 1; d < dims.length; d++) {
      if (chunks.dims[d] != dims[d]) {
        return false;
      }
    }
    return true;
  }

  /** Copies one row's part, dimension by dimension; the last dimension is copied in one go. */
  private void copyPart(
      Chunked chunks, long[] offset, int d, byte[] data, long source, byte[] into, long target) {
    if (d == dims.length) {
      int size = type.size();
      System.arraycopy(data, (int) (source * size), into, (int) (target * size), size);
      return;
    }
    int run = (int) Math.min(chunks.dims[d], dims[d] - offset[d]);
    long sourceStart = source * chunks.dims[d];
    long targetStart = target * dims[d] + offset[d];
    if (d == dims.length - 1) {
      int size = type.size();
      System.arraycopy(
          data, (int) (sourceStart * size), into, (int) (targetStart * size), run * size);
      return;
    }
    for (int i = 0; i < run; i++) {
      copyPart(chunks, offset, d + 1, data, sourceStart + i, into, targetStart + i);
    }
  }

  private byte[] decoded(Chunked chunks, long[] offset) {
    if (!Arrays.equals(chunks.lastOffset, offset)) {
      chunks.last = decode(chunks, offset);
      chunks.lastOffset = offset.clone();
    }
    return chunks.last;
  }

  private byte[] decode(Chunked chunks, long[] offset) {
    int size = chunkBytes(chunks.dims);
    Optional<Chunk> found = chunks.index.find(offset);
    if (found.isEmpty() || found.get().getAddress() == HdfStorage.UNDEFINED) {
      byte[] empty = new byte[size];
      fill(empty);
      return empty;
    }
    Chunk chunk = found.get();
    byte[] stored = storage.piece(chunk.getAddress(), chunk.getSize()).array();
    return filters.decode(stored, chunk.getFilterMask(), size);
  }

  private void fill(byte[] into) {
    for (int at = 0; fill.length > 0 && at + fill.length <= into.length; at += fill.length) {
      System.arraycopy(fill, 0, into, at, fill.length);
    }
  }

  /**
   * Returns the value of elements that were never written; empty for zeros (specification IV.A.2.e,
   * f).
   */
  private static byte[] fillValue(HdfObject object) {
    Optional<ByteBuffer> found = object.first(HdfObject.FILL_VALUE);
    if (found.isEmpty()) {
      return object.first(HdfObject.FILL_VALUE_OLD).map(HdfDataset::sized).orElse(new byte[0]);
    }
    ByteBuffer message = found.get();
    int version = message.get();
    boolean defined;
    if (version >= 3) {
      defined = (message.get() & 32) != 0;
    } else {
      message.position(message.position() + 2);
      defined = message.get() != 0 && message.remaining() >= 4;
    }
    return defined ? sized(message) : new byte[0];
  }

  private static byte[] sized(ByteBuffer message) {
    int size = message.getInt();
    if (size < 0 || size > message.remaining()) {
      throw new HdfException("a fill value is truncated");
    }
    byte[] bytes = new byte[size];
    message.get(bytes);
    return bytes;
  }
}
