package io.refinery.bundle;

import io.jhdf.filter.ByteShuffleFilter;
import io.jhdf.filter.DeflatePipelineFilter;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * Writes the rows of one dataset, in chunks that are shuffled and deflated. A dataset of fewer than
 * 1,024 bytes is contiguous.
 */
final class HdfRows {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int SMALLEST_CHUNKED = 1024;

  /**
   * Deflate level for elements of one byte. Others get a lower one: their low bytes compress
   * little.
   */
  private static final int LEVEL_BYTES = 4;

  private static final int LEVEL_OTHERS = 1;

  private final HdfSpace space;
  private final HdfEncoding encoding;
  private final HdfType type;
  private final long[] dims;
  private final int rowBytes;
  private final boolean contiguous;
  private final int chunkRows;
  private final byte[] chunk;
  private final HdfChunkTree tree;
  private final long start;
  private long chunks;
  private int filled;
  private long written;

  /**
   * Starts a dataset in chunks of about 1 MiB.
   *
   * @param dims dimensions of the dataset; the first is the number of rows, at least 1
   */
  HdfRows(HdfSpace space, HdfEncoding encoding, HdfType type, long[] dims) {
    this(space, encoding, type, dims, rows(type, dims), bytes(type, dims) < SMALLEST_CHUNKED);
  }

  private HdfRows(
      HdfSpace space,
      HdfEncoding encoding,
      HdfType type,
      long[] dims,
      int chunkRows,
      boolean contiguous) {
    this.space = space;
    this.encoding = encoding;
    this.type = type;
    this.dims = dims.clone();
    this.rowBytes = Math.toIntExact(bytes(type, dims) / dims[0]);
    this.chunkRows = chunkRows;
    this.contiguous = contiguous;
    this.chunk = new byte[Math.multiplyExact(chunkRows, rowBytes)];
    this.tree = new HdfChunkTree(space, dims.length, encoding);
    this.start = contiguous ? space.allocate(bytes(type, dims)) : HdfStorage.UNDEFINED;
  }

  /** Starts a dataset in chunks of a given number of rows. */
  static HdfRows chunked(
      HdfSpace space, HdfEncoding encoding, HdfType type, long[] dims, int chunkRows) {
    return new HdfRows(space, encoding, type, dims, chunkRows, false);
  }

  private static long bytes(HdfType type, long[] dims) {
    long bytes = type.size();
    for (long dim : dims) {
      bytes = Math.multiplyExact(bytes, dim);
    }
    return bytes;
  }

  /** Returns the number of rows that make a chunk of about 1 MiB. */
  static int rows(HdfType type, long[] dims) {
    long row = Math.max(1, bytes(type, dims) / dims[0]);
    return (int) Math.min(dims[0], Math.max(1, CHUNK_BYTES / row));
  }

  int rowBytes() {
    return rowBytes;
  }

  /** Returns how many rows to write at once for best speed. */
  int rowsTogether() {
    return chunkRows;
  }

  /** Writes whole rows. */
  void write(byte[] rows, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, chunk.length - filled);
      System.arraycopy(rows, at, chunk, filled, part);
      filled += part;
      at += part;
      left -= part;
      written += part;
      if (filled == chunk.length) {
        flush();
      }
    }
  }

  /**
   * Completes the dataset's data.
   *
   * @return the messages of its header that say where the data are, and their filters
   */
  List<HdfMessage> finish() throws IOException {
    if (written != dims[0] * rowBytes) {
      throw new IllegalStateException(
          "A dataset has " + written / Math.max(1, rowBytes) + " rows, not " + dims[0]);
    }
    if (filled > 0) {
      Arrays.fill(chunk, filled, chunk.length, (byte) 0);
      flush();
    }
    if (contiguous) {
      return List.of(encoding.contiguous(written == 0 ? HdfStorage.UNDEFINED : start, written));
    }
    int[] chunkDims = new int[dims.length];
    long[] end = new long[dims.length];
    for (int d = 0; d < dims.length; d++) {
      chunkDims[d] = d == 0 ? chunkRows : Math.toIntExact(dims[d]);
      end[d] = d == 0 ? chunks * chunkRows : dims[d];
    }
    return List.of(
        HdfMessage.of(FilterPipelineMessage.create(filters())),
        encoding.chunked(tree.finish(end), chunkDims, type.size()));
  }

  private List<FilterInfo> filters() {
    List<FilterInfo> filters = new ArrayList<>();
    if (type.size() > 1) {
      filters.add(new FilterInfo(ByteShuffleFilter.ID, "shuffle", false, new int[] {type.size()}));
    }
    filters.add(new FilterInfo(DeflatePipelineFilter.ID, "deflate", false, new int[] {level()}));
    return filters;
  }

  private int level() {
    return type.size() == 1 ? LEVEL_BYTES : LEVEL_OTHERS;
  }

  private void flush() throws IOException {
    if (contiguous) {
      space.write(start + written - filled, ByteBuffer.wrap(chunk, 0, filled));
    } else {
      byte[] shuffled =
          type.size() > 1 ? new ByteShuffleFilter().encode(chunk, new int[] {type.size()}) : chunk;
      ByteBuffer deflated = deflate(shuffled);
      int size = deflated.remaining();
      long[] offset = new long[dims.length];
      offset[0] = chunks * chunkRows;
      tree.add(space.append(deflated), size, offset);
      chunks++;
    }
    filled = 0;
  }

  private ByteBuffer deflate(byte[] bytes) {
    Deflater deflater = new Deflater(level());
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] deflated = new byte[bytes.length + bytes.length / 1000 + 64];
      int size = 0;
      while (!deflater.finished()) {
        size += deflater.deflate(deflated, size, deflated.length - size);
      }
      return ByteBuffer.wrap(deflated, 0, size);
    } finally {
      deflater.end();
    }
  }
}
