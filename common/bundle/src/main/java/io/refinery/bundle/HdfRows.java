package io.refinery.bundle;

import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndexWriter;
import io.jhdf.filter.ByteShuffleFilter;
import io.jhdf.filter.DeflatePipelineFilter;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import io.jhdf.object.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * Writes one dataset row by row, in chunks of about 1 MiB, shuffled and deflated. A dataset that
 * would have more than 65,536 chunks (64 GiB; their index is held in memory), or fewer than 1,024
 * bytes, is contiguous. Nothing else may be written to the file meanwhile.
 */
final class HdfRows {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MOST_CHUNKS = 1 << 16;
  private static final int SMALLEST_CHUNKED = 1024;

  /**
   * Deflate level for elements of one byte. Others get a lower one: their low bytes compress
   * little.
   */
  private static final int LEVEL_BYTES = 4;

  private static final int LEVEL_OTHERS = 1;

  private final HdfOutput output;
  private final HdfType type;
  private final long[] dims;
  private final int rowBytes;
  private final boolean contiguous;
  private final int chunkRows;
  private final byte[] chunk;
  private final List<Chunk> chunks = new ArrayList<>();
  private final long start;
  private int filled;
  private long written;

  /**
   * Starts a dataset.
   *
   * @param dims dimensions of the dataset; the first is the number of rows, at least 1
   */
  HdfRows(HdfOutput output, HdfType type, long[] dims) {
    this.output = output;
    this.type = type;
    this.dims = dims.clone();
    long bytes = type.size();
    for (int d = 1; d < dims.length; d++) {
      bytes = Math.multiplyExact(bytes, dims[d]);
    }
    this.rowBytes = Math.toIntExact(bytes);
    this.chunkRows = (int) Math.min(dims[0], Math.max(1, CHUNK_BYTES / Math.max(1, rowBytes)));
    long count = (dims[0] + chunkRows - 1) / chunkRows;
    this.contiguous = count > MOST_CHUNKS || Math.multiplyExact(bytes, dims[0]) < SMALLEST_CHUNKED;
    this.chunk = new byte[Math.multiplyExact(chunkRows, rowBytes)];
    this.start = output.end();
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
      if (filled == chunk.length) {
        flush();
      }
    }
    written += length;
  }

  /** Adds the dataset to the file once all its rows are written. */
  void finish(String path) throws IOException {
    if (written != dims[0] * rowBytes) {
      throw new IllegalStateException(
          "Dataset '"
              + path
              + "' has "
              + written / Math.max(1, rowBytes)
              + " rows, not "
              + dims[0]);
    }
    if (filled > 0) {
      Arrays.fill(chunk, contiguous ? chunk.length : filled, chunk.length, (byte) 0);
      flush();
    }
    List<Message> header = new ArrayList<>();
    header.add(DataTypeMessage.create(type.copy()));
    header.add(HdfOutput.dataspace(dims));
    header.add(FillValueMessage.NO_FILL);
    if (!contiguous) {
      header.add(FilterPipelineMessage.create(filters()));
    }
    header.add(contiguous ? ContiguousDataLayoutMessage.create(start, written) : layout());
    output.putDataset(path, header);
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
      output.append(ByteBuffer.wrap(chunk, 0, filled));
    } else {
      byte[] shuffled =
          type.size() > 1 ? new ByteShuffleFilter().encode(chunk, new int[] {type.size()}) : chunk;
      ByteBuffer deflated = deflate(shuffled);
      int size = deflated.remaining();
      long[] offset = new long[dims.length];
      offset[0] = (long) chunks.size() * chunkRows;
      chunks.add(new ChunkImpl(output.append(deflated), size, offset));
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

  private DataLayoutMessage layout() throws IOException {
    int[] chunkDims = new int[dims.length + 1];
    chunkDims[0] = chunkRows;
    for (int d = 1; d < dims.length; d++) {
      chunkDims[d] = Math.toIntExact(dims[d]);
    }
    chunkDims[dims.length] = type.size();
    if (chunks.size() == 1) {
      Chunk only = chunks.get(0);
      return ChunkedDataLayoutMessageV4.createFilteredSingleChunk(
          only.getAddress(), chunkDims, only.getSize());
    }
    int pageBits = Math.max(10, 32 - Integer.numberOfLeadingZeros(chunks.size() - 1));
    ByteBuffer index =
        FixedArrayIndexWriter.createFixedArray(chunks, output.end(), chunk.length, true, pageBits);
    return ChunkedDataLayoutMessageV4.createFixedArray(output.append(index), chunkDims, pageBits);
  }
}
