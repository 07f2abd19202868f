package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.ByteShuffleFilter;
import io.jhdf.filter.DeflatePipelineFilter;
import io.jhdf.filter.LzfFilter;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a chunk's filters: gzip, lzf, shuffle and fletcher32, whose checksum is removed but not
 * verified.
 *
 * <p>jHDF's own gzip filter inflates without a limit; this one stops at the size that the chunk
 * declares.
 */
final class HdfFilters {

  private static final int FLETCHER32 = 3;
  private static final int LZF = 32000;
  private static final int CHECKSUM_BYTES = 4;

  private final List<FilterInfo> filters;

  private HdfFilters(List<FilterInfo> filters) {
    this.filters = filters;
  }

  static HdfFilters parse(Optional<ByteBuffer> message) {
    List<FilterInfo> filters =
        message.map(m -> new FilterPipelineMessage(m, new BitSet()).getFilters()).orElse(List.of());
    for (FilterInfo filter : filters) {
      int id = filter.getId();
      if (id != DeflatePipelineFilter.ID
          && id != ByteShuffleFilter.ID
          && id != FLETCHER32
          && id != LZF) {
        throw new HdfException(
            "it uses filter "
                + id
                + ", but only gzip, lzf and shuffle are supported; convert it with"
                + " h5repack -f GZIP=4");
      }
    }
    return new HdfFilters(filters);
  }

  /**
   * Decodes a chunk.
   *
   * @param mask a set bit means that the filter of this number was not applied
   * @param size bytes of the unfiltered chunk
   */
  byte[] decode(byte[] stored, BitSet mask, int size) {
    byte[] bytes = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if (!mask.get(i)) {
        bytes = undo(filters.get(i), bytes, size);
      }
    }
    if (bytes.length != size) {
      throw new HdfException("a chunk holds " + bytes.length + " bytes, not " + size);
    }
    return bytes;
  }

  private static byte[] undo(FilterInfo filter, byte[] bytes, int size) {
    return switch (filter.getId()) {
      case DeflatePipelineFilter.ID -> inflate(bytes, size);
      case ByteShuffleFilter.ID -> new ByteShuffleFilter().decode(bytes, filter.getData());
      case FLETCHER32 -> Arrays.copyOf(bytes, bytes.length - CHECKSUM_BYTES);
      default -> unlzf(bytes, filter.getData(), size);
    };
  }

  private static byte[] unlzf(byte[] bytes, int[] settings, int size) {
    if (settings.length < 3 || settings[2] != size) {
      throw new HdfException("the lzf settings do not match the chunk");
    }
    return new LzfFilter().decode(bytes, settings);
  }

  private static byte[] inflate(byte[] bytes, int size) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      byte[] inflated = new byte[size];
      int done = 0;
      while (done < size) {
        int count = inflater.inflate(inflated, done, size - done);
        if (count == 0) {
          throw new HdfException("a chunk inflates to " + done + " bytes, not " + size);
        }
        done += count;
      }
      return inflated;
    } catch (DataFormatException e) {
      throw new HdfException("a chunk is not gzip data", e);
    } finally {
      inflater.end();
    }
  }
}
