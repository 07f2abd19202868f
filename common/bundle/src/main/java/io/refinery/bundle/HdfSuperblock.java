package io.refinery.bundle;

import io.jhdf.checksum.ChecksumUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** What jHDF does not read or write of a superblock and its extension (specification II). */
final class HdfSuperblock {

  private static final int TREE_K = 19;
  private static final int FILE_SPACE = 23;

  private final HdfStorage storage;
  private final int version;

  HdfSuperblock(HdfStorage storage) {
    this.storage = storage;
    this.version = storage.getSuperblock().getVersionOfSuperblock();
  }

  /** Returns the most children of a node of a chunk tree: twice the file's K. */
  int treeEntries() {
    if (version == 1) {
      return 2 * Short.toUnsignedInt(storage.piece(24, 2).getShort());
    }
    return extension()
        .flatMap(object -> object.first(TREE_K))
        .map(message -> 2 * Short.toUnsignedInt(message.getShort(1)))
        .orElse(HdfEncoding.USUAL_ENTRIES);
  }

  private Optional<HdfObject> extension() {
    if (version < 2) {
      return Optional.empty();
    }
    int bytes = storage.getSizeOfOffsets();
    long address = HdfObject.unsigned(storage.piece(12 + bytes, bytes), bytes);
    return address == HdfStorage.UNDEFINED
        ? Optional.empty()
        : Optional.of(HdfObject.read(storage, address));
  }

  /**
   * Lets a copy of the file end elsewhere. Removes the record of the original's free space, which
   * no longer holds; HDF5 then keeps none.
   */
  void finish(HdfSpace space, HdfHeaderWriter headers) throws IOException {
    Optional<HdfObject> extension = extension().filter(object -> object.has(FILE_SPACE));
    if (extension.isPresent()) {
      List<HdfMessage> messages =
          extension.get().messages().stream()
              .map(
                  message ->
                      message.type() == FILE_SPACE
                          ? new HdfMessage(HdfObject.NOTHING, 0, 0, new byte[message.size()])
                          : message)
              .toList();
      headers.replace(extension.get().prefix(), messages);
    }
    int bytes = storage.getSizeOfOffsets();
    int position = version < 2 ? (version == 0 ? 24 : 28) + 2 * bytes : 12 + 2 * bytes;
    ByteBuffer end = ByteBuffer.allocate(bytes);
    // A user block may have been put before the file since its address was stored.
    long base = HdfObject.unsigned(storage.piece(position - 2 * bytes, bytes), bytes);
    HdfObject.put(end, base + space.end(), bytes);
    space.write(position, end.flip());
    if (version >= 2) {
      int length = 12 + 4 * bytes;
      byte[] content = new byte[length];
      space.read(0, length).get(content);
      ByteBuffer checksum = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      space.write(length, checksum.putInt(ChecksumUtils.checksum(content)).flip());
    }
  }
}
