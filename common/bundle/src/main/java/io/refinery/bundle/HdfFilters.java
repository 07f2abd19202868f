package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.filter.ByteShuffleFilter;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes a chunk's filters. No filter yields more than the chunk declares, and whatever does not
 * yield exactly that is corrupt.
 */
final class HdfFilters {

  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  private static final int LZF = 32000;
  private static final int BLOSC = 32001;
  private static final int LZ4 = 32004;
  private static final int BITSHUFFLE = 32008;
  private static final int ZSTD = 32015;
  private static final int CHECKSUM_BYTES = 4;

  /** The filters that HDF5 defines or has registered, other than those above. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(4, "szip"),
          Map.entry(5, "n-bit"),
          Map.entry(6, "scale-offset"),
          Map.entry(305, "LZO"),
          Map.entry(307, "bzip2"),
          Map.entry(32002, "MAFISC"),
          Map.entry(32003, "Snappy"),
          Map.entry(32005, "APAX"),
          Map.entry(32006, "CBF"),
          Map.entry(32007, "JPEG-XR"),
          Map.entry(32009, "SPDP"),
          Map.entry(32010, "LPC-Rice"),
          Map.entry(32011, "CCSDS-123"),
          Map.entry(32012, "JPEG-LS"),
          Map.entry(32013, "zfp"),
          Map.entry(32014, "fpzip"),
          Map.entry(32016, "B3D"),
          Map.entry(32017, "SZ"),
          Map.entry(32018, "FCIDECOMP"),
          Map.entry(32019, "JPEG"),
          Map.entry(32020, "VBZ"),
          Map.entry(32021, "FAPEC"),
          Map.entry(32022, "BitGroom"),
          Map.entry(32023, "Granular BitRound"),
          Map.entry(32024, "SZ3"),
          Map.entry(32025, "Delta-Rice"),
          Map.entry(32026, "Blosc2"),
          Map.entry(32027, "FLAC"));

  private final List<FilterInfo> filters;

  private HdfFilters(List<FilterInfo> filters) {
    this.filters = filters;
  }

  static HdfFilters parse(Optional<ByteBuffer> message) {
    List<FilterInfo> filters =
        message.map(m -> new FilterPipelineMessage(m, new BitSet()).getFilters()).orElse(List.of());
    int compressing = 0;
    for (FilterInfo filter : filters) {
      switch (filter.getId()) {
        case SHUFFLE, FLETCHER32 -> {}
        case DEFLATE, LZF, BLOSC, LZ4, BITSHUFFLE, ZSTD -> compressing++;
        default -> throw unsupported(filter);
      }
    }
    if (compressing > 1) {
      throw new UnsupportedHdfException(
          "it is compressed twice; convert it with h5repack -f GZIP=4");
    }
    return new HdfFilters(filters);
  }

  private static UnsupportedHdfException unsupported(FilterInfo filter) {
    String name = OTHERS.getOrDefault(filter.getId(), filter.getName());
    return new UnsupportedHdfException(
        "it uses filter "
            + filter.getId()
            + " ("
            + name
            + "), which is not supported; convert it with h5repack -f GZIP=4");
  }

  boolean isEmpty() {
    return filters.isEmpty();
  }

  /**
   * Decodes a chunk.
   *
   * @param mask a set bit means that the filter of this number was not applied
   * @param size bytes of the unfiltered chunk
   */
  byte[] decode(byte[] stored, int mask, int size) {
    byte[] bytes = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if (isApplied(i, mask)) {
        bytes = undo(filters.get(i), bytes, sizeBefore(i, mask, size));
      }
    }
    if (bytes.length != size) {
      throw new HdfException("a chunk holds " + bytes.length + " bytes, not " + size);
    }
    return bytes;
  }

  private static boolean isApplied(int filter, int mask) {
    return filter >= Integer.SIZE || (mask >>> filter & 1) == 0;
  }

  /** Returns what a filter was given; only checksums change the size before compression. */
  private int sizeBefore(int filter, int mask, int size) {
    int bytes = size;
    for (int i = 0; i < filter; i++) {
      if (filters.get(i).getId() == FLETCHER32 && isApplied(i, mask)) {
        bytes = Math.addExact(bytes, CHECKSUM_BYTES);
      }
    }
    return bytes;
  }

  private static byte[] undo(FilterInfo filter, byte[] bytes, int size) {
    int[] settings = filter.getData();
    return switch (filter.getId()) {
      case DEFLATE -> HdfCodecs.inflate(bytes, size);
      case SHUFFLE -> unshuffle(bytes, settings);
      case FLETCHER32 -> HdfCodecs.verifyFletcher32(bytes);
      case LZF -> HdfCodecs.unlzf(bytes, size);
      case BLOSC -> HdfBlosc.decode(bytes, size);
      case LZ4 -> HdfCodecs.unlz4(bytes, size);
      case BITSHUFFLE -> HdfBitshuffle.decode(bytes, settings, size);
      case ZSTD -> HdfCodecs.unzstd(bytes, 0, bytes.length, size);
      default -> throw unsupported(filter);
    };
  }

  private static byte[] unshuffle(byte[] bytes, int[] settings) {
    if (settings.length < 1 || settings[0] < 1) {
      throw new HdfException("the shuffle filter has no element size");
    }
    return settings[0] > bytes.length
        ? bytes
        : new ByteShuffleFilter().decode(bytes, Arrays.copyOf(settings, 1));
  }
}
