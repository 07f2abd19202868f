package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The stored elements of one dataset, read a few rows (indices of its first dimension) at a time.
 * How they are stored is looked at only when they are read.
 */
final class HdfDataset {

  private static final int EXTERNAL_FILES = 7;

  private final HdfStorage storage;
  private final HdfObject object;
  private final HdfDataspace space;
  private final HdfType type;
  private Optional<Stored> stored = Optional.empty();

  /** Reads whole rows. */
  @FunctionalInterface
  private interface Rows {
    void read(long from, int count, byte[] into) throws IOException;
  }

  private record Stored(Rows rows, Optional<HdfChunkReader> chunks) {}

  HdfDataset(HdfStorage storage, HdfObject object) {
    this.storage = storage;
    this.object = object;
    this.space =
        HdfDataspace.parse(object.require(HdfObject.DATASPACE), storage.getSizeOfLengths());
    this.type = HdfType.parse(object.require(HdfObject.DATATYPE));
  }

  long[] dims() {
    return space.dims();
  }

  /** Whether it has no elements and never will. */
  boolean isNull() {
    return space.isNull();
  }

  /** Returns the length of the first dimension; 1 for a single value. */
  long rows() {
    return dims().length == 0 ? 1 : dims()[0];
  }

  HdfType type() {
    return type;
  }

  HdfDataspace space() {
    return space;
  }

  long elements() {
    return space.elements();
  }

  /** Returns the size of one row, in bytes. */
  long rowBytes() {
    long bytes = type.size();
    for (int d = 1; d < dims().length; d++) {
      bytes = Math.multiplyExact(bytes, dims()[d]);
    }
    return bytes;
  }

  /**
   * Checks that the elements are in this file and can be read; {@link #read} does this too.
   *
   * @throws UnsupportedHdfException when they are elsewhere, or use a filter that is unknown
   */
  void checkReadable() {
    stored();
  }

  /**
   * Checks that the elements are in this file.
   *
   * @throws UnsupportedHdfException when they are elsewhere
   */
  void checkInside() {
    if (object.has(EXTERNAL_FILES)) {
      throw new UnsupportedHdfException(
          "its data are in another file ("
              + externalFile()
              + "); store them in the bundle itself, such as with h5py: new[name] = old[name][()]");
    }
    if (layout() instanceof HdfLayout.Virtual) {
      throw new UnsupportedHdfException(
          "it is virtual: its data are in other datasets or files; store them in the bundle itself,"
              + " such as with h5py: new[name] = old[name][()]");
    }
  }

  private String externalFile() {
    ByteBuffer message = object.require(EXTERNAL_FILES).position(8);
    long heap = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long name = HdfObject.unsigned(message, storage.getSizeOfLengths());
    return new HdfLocalHeap(storage, heap).name(name);
  }

  private HdfLayout layout() {
    return HdfLayout.parse(object.require(HdfObject.LAYOUT), storage);
  }

  /** Returns where the data are, if they are in one piece. */
  OptionalLong address() {
    return layout() instanceof HdfLayout.Contiguous contiguous
            && contiguous.address() != HdfStorage.UNDEFINED
        ? OptionalLong.of(contiguous.address())
        : OptionalLong.empty();
  }

  /** Returns the number of rows of a chunk, if it holds whole rows. */
  OptionalInt wholeRowsPerChunk() {
    Optional<HdfChunkReader> chunks = stored().chunks;
    return chunks.isPresent() && chunks.get().holdsWholeRows()
        ? OptionalInt.of((int) chunks.get().rowsTogether())
        : OptionalInt.empty();
  }

  /** Visits where the chunks are; those that were never written are nowhere. */
  void forEachChunk(Consumer<HdfSpace.Range> visitor) {
    stored().chunks.ifPresent(chunks -> chunks.forEachChunk(visitor));
  }

  /**
   * Returns how many rows to read at once so that no chunk is decoded twice; 0 when any number
   * works.
   */
  long rowsTogether() {
    return stored().chunks.map(HdfChunkReader::rowsTogether).orElse(0L);
  }

  /** Sets how much is kept in memory of chunks that share their rows; the rest is in a file. */
  void keepAtMost(long bytes) {
    stored().chunks.ifPresent(chunks -> chunks.keepAtMost(bytes));
  }

  /** Returns how many chunks have been decoded. */
  long decodedChunks() {
    return stored().chunks.map(HdfChunkReader::decodedChunks).orElse(0L);
  }

  /**
   * Reads {@code count} rows from row {@code from} into {@code into}, which has exactly their size.
   */
  void read(long from, int count, byte[] into) {
    if (from < 0 || count < 0 || from + count > rows()) {
      throw new HdfException("rows " + from + " to " + (from + count) + " do not exist");
    }
    if (into.length == 0) {
      return;
    }
    try {
      stored().rows.read(from, count, into);
    } catch (IOException e) {
      throw new HdfException("a temporary file cannot be used", e);
    }
  }

  private Stored stored() {
    if (stored.isEmpty()) {
      checkInside();
      stored = Optional.of(open(layout(), HdfFill.parse(object)));
    }
    return stored.get();
  }

  private Stored open(HdfLayout layout, HdfFill fill) {
    if (layout instanceof HdfLayout.Contiguous contiguous) {
      return new Stored(contiguous(contiguous, fill), Optional.empty());
    }
    if (layout instanceof HdfLayout.Compact compact) {
      checkSize(compact.data().remaining());
      Rows rows =
          (from, count, into) -> compact.data().get(Math.toIntExact(from * rowBytes()), into);
      return new Stored(rows, Optional.empty());
    }
    HdfFilters filters = HdfFilters.parse(object.first(HdfObject.FILTERS));
    HdfChunkReader chunks =
        new HdfChunkReader(storage, (HdfLayout.Chunked) layout, space, type.size(), filters, fill);
    return new Stored(chunks::read, Optional.of(chunks));
  }

  private Rows contiguous(HdfLayout.Contiguous contiguous, HdfFill fill) {
    if (contiguous.address() == HdfStorage.UNDEFINED) {
      return (from, count, into) -> fill.fill(into, type.size());
    }
    if (contiguous.size() >= 0) {
      checkSize(contiguous.size());
    }
    return (from, count, into) -> {
      long start = Math.addExact(contiguous.address(), from * rowBytes());
      storage.read(start, ByteBuffer.wrap(into));
    };
  }

  private void checkSize(long size) {
    long needed = Math.multiplyExact(rows(), rowBytes());
    if (size < needed) {
      throw new HdfException("it has " + size + " bytes of data, and needs " + needed);
    }
  }
}
