package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads rows of a chunked dataset. The chunks that share their rows are a band. A band is decoded
 * once: if it is small it is kept in memory, and if it is large but read in parts, in a temporary
 * file.
 */
final class HdfChunkReader {

  /** Largest band of several chunks that is kept in memory. */
  private static final int KEPT_BYTES = 8 << 20;

  private static final int MOST_IN_BAND = 1 << 24;

  private final HdfStorage storage;
  private final long[] dims;
  private final int[] chunk;
  private final int elementBytes;
  private final HdfFilters filters;
  private final HdfFill fill;
  private final HdfChunks index;
  private final boolean plainEdges;
  private final int chunkBytes;
  private final int chunksInBand;

  private long keptBytes = KEPT_BYTES;
  private final List<byte[]> kept = new ArrayList<>();
  private long keptBand = -1;
  private Optional<HdfSpool> spool = Optional.empty();
  private long spooledBand = -1;
  private long decoded;

  HdfChunkReader(
      HdfStorage storage,
      HdfLayout.Chunked layout,
      HdfDataspace space,
      int elementBytes,
      HdfFilters filters,
      HdfFill fill) {
    this.storage = storage;
    this.dims = space.dims();
    this.chunk = layout.chunk();
    this.elementBytes = elementBytes;
    this.filters = filters;
    this.fill = fill;
    this.plainEdges = layout.plainEdges();
    this.chunkBytes = chunkBytes(layout.elementBytes());
    long inBand = 1;
    for (int d = 1; d < dims.length; d++) {
      inBand = Math.multiplyExact(inBand, (dims[d] + chunk[d] - 1) / chunk[d]);
    }
    if (inBand > MOST_IN_BAND) {
      throw new UnsupportedHdfException(
          "it has "
              + inBand
              + " chunks for the same rows, more than "
              + MOST_IN_BAND
              + "; make them larger with h5repack -l CHUNK=...");
    }
    this.chunksInBand = (int) inBand;
    this.index = HdfChunks.of(storage, layout, space, !filters.isEmpty(), chunkBytes);
  }

  private int chunkBytes(int layoutElementBytes) {
    if (layoutElementBytes != elementBytes) {
      throw new HdfException("its chunks have elements of another size than its datatype");
    }
    if (chunk.length != dims.length) {
      throw new HdfException("its chunks have a different number of dimensions");
    }
    long bytes = elementBytes;
    for (int dim : chunk) {
      if (dim < 1) {
        throw new HdfException("a chunk has no elements");
      }
      bytes = Math.multiplyExact(bytes, dim);
    }
    if (bytes > HdfStorage.LARGEST_PIECE) {
      throw new UnsupportedHdfException(
          "its chunks have "
              + bytes
              + " bytes, more than "
              + HdfStorage.LARGEST_PIECE
              + "; make them smaller with h5repack -l CHUNK=...");
    }
    return (int) bytes;
  }

  long rowsTogether() {
    return chunk[0];
  }

  /** Sets the size of the largest band of several chunks that is kept in memory. */
  void keepAtMost(long bytes) {
    keptBytes = bytes;
  }

  long decodedChunks() {
    return decoded;
  }

  /** Visits where the chunks are; those that were never written are nowhere. */
  void forEachChunk(Consumer<HdfSpace.Range> visitor) {
    for (long band = 0; band < dims[0]; band += chunk[0]) {
      for (int number = 0; number < chunksInBand; number++) {
        index
            .find(offset(band, number))
            .filter(HdfChunk::isStored)
            .ifPresent(
                stored -> visitor.accept(new HdfSpace.Range(stored.address(), bytes(stored))));
      }
    }
  }

  private long bytes(HdfChunk stored) {
    return stored.size() < 0 ? chunkBytes : stored.size();
  }

  /** Reads whole rows, of at least one byte. */
  void read(long from, int count, byte[] into) throws IOException {
    for (long next = from / chunk[0] * chunk[0]; next < from + count; next += chunk[0]) {
      long band = next;
      Part part = part(band, from, count);
      if (keptBand != band
          && (chunksInBand == 1 || (long) chunksInBand * chunkBytes <= keptBytes)) {
        keep(band);
      }
      if (keptBand == band) {
        copyBand(band, part, into, kept::get);
      } else if (part.rows() == rowsOf(band)) {
        copyBand(band, part, into, number -> decode(offset(band, number)));
      } else {
        copySpooled(band, part, into);
      }
    }
  }

  /**
   * Some rows of a band.
   *
   * @param first their first in the band
   * @param target their first in the result
   */
  private record Part(int first, int rows, int target) {}

  private Part part(long band, long from, int count) {
    long first = Math.max(from, band);
    long last = Math.min(from + count, band + chunk[0]);
    return new Part((int) (first - band), (int) (last - first), (int) (first - from));
  }

  private int rowsOf(long band) {
    return (int) Math.min(chunk[0], dims[0] - band);
  }

  /** Returns a decoded chunk of a band. */
  @FunctionalInterface
  private interface Decoded {
    byte[] get(int number);
  }

  private void copyBand(long band, Part part, byte[] into, Decoded chunks) {
    for (int number = 0; number < chunksInBand; number++) {
      copy(chunks.get(number), offset(band, number), part, part.first, into);
    }
  }

  private void keep(long band) {
    keptBand = -1;
    kept.clear();
    for (int number = 0; number < chunksInBand; number++) {
      kept.add(decode(offset(band, number)));
    }
    keptBand = band;
  }

  private void copySpooled(long band, Part part, byte[] into) throws IOException {
    if (spool.isEmpty()) {
      spool = Optional.of(storage.spool());
    }
    int rowInChunk = chunkBytes / chunk[0];
    int spooled = Math.multiplyExact(rowInChunk, rowsOf(band));
    if (spooledBand != band) {
      spooledBand = -1;
      for (int number = 0; number < chunksInBand; number++) {
        spool.get().write((long) number * spooled, decode(offset(band, number)), spooled);
      }
      spooledBand = band;
    }
    byte[] rows = new byte[part.rows * rowInChunk];
    for (int number = 0; number < chunksInBand; number++) {
      spool.get().read((long) number * spooled + (long) part.first * rowInChunk, rows);
      copy(rows, offset(band, number), part, 0, into);
    }
  }

  /** Returns the coordinates of a chunk of a band. */
  private long[] offset(long band, int number) {
    long[] offset = new long[dims.length];
    offset[0] = band;
    long rest = number;
    for (int d = dims.length - 1; d > 0; d--) {
      long chunks = (dims[d] + chunk[d] - 1) / chunk[d];
      offset[d] = rest % chunks * chunk[d];
      rest /= chunks;
    }
    return offset;
  }

  /**
   * Copies rows of the chunk at {@code offset}.
   *
   * @param first the first of them in {@code data}
   */
  private void copy(byte[] data, long[] offset, Part part, int first, byte[] into) {
    if (holdsWholeRows()) {
      int row = chunkBytes / chunk[0];
      System.arraycopy(data, first * row, into, part.target * row, part.rows * row);
      return;
    }
    for (int r = 0; r < part.rows; r++) {
      copyPart(offset, 1, data, first + r, into, part.target + (long) r);
    }
  }

  boolean holdsWholeRows() {
    for (int d = 1; d < dims.length; d++) {
      if (chunk[d] != dims[d]) {
        return false;
      }
    }
    return true;
  }

  /** Copies one row's part, dimension by dimension; the last dimension is copied in one go. */
  private void copyPart(long[] offset, int d, byte[] data, long source, byte[] into, long target) {
    int run = (int) Math.min(chunk[d], dims[d] - offset[d]);
    long sourceStart = source * chunk[d];
    long targetStart = target * dims[d] + offset[d];
    if (d == dims.length - 1) {
      int size = elementBytes;
      System.arraycopy(
          data, (int) (sourceStart * size), into, (int) (targetStart * size), run * size);
      return;
    }
    for (int i = 0; i < run; i++) {
      copyPart(offset, d + 1, data, sourceStart + i, into, targetStart + i);
    }
  }

  private byte[] decode(long[] offset) {
    Optional<HdfChunk> found = index.find(offset);
    if (found.isEmpty() || !found.get().isStored()) {
      byte[] empty = new byte[chunkBytes];
      fill.fill(empty, elementBytes);
      return empty;
    }
    decoded++;
    HdfChunk stored = found.get();
    byte[] bytes = storage.piece(stored.address(), Math.toIntExact(bytes(stored))).array();
    if (plainEdges && reachesOverEdge(offset)) {
      if (bytes.length != chunkBytes) {
        throw new HdfException("a chunk at the edge has the wrong size");
      }
      return bytes;
    }
    return filters.decode(bytes, stored.mask(), chunkBytes);
  }

  private boolean reachesOverEdge(long[] offset) {
    for (int d = 0; d < dims.length; d++) {
      if (offset[d] + chunk[d] > dims[d]) {
        return true;
      }
    }
    return false;
  }
}
