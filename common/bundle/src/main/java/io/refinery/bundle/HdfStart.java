package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * What a superblock says about sizes, with the checks that HDF5's own library makes when it opens a
 * file (specification II.A to II.C).
 *
 * @param end where the file ends, as an address
 * @param extension the address of more messages
 * @param nodes the sizes of nodes
 */
record HdfStart(long end, long extension, Nodes nodes) {

  /**
   * Half of the entries that nodes have room for.
   *
   * @param leaf of a symbol table
   * @param group of the tree of a group
   * @param chunks of the tree of a dataset's chunks
   */
  record Nodes(int leaf, int group, int chunks) {
    private static final Nodes USUAL = new Nodes(4, 16, 32);
  }

  private static final int LONGEST = 128;
  private static final int BEING_WRITTEN = 1 | 4;
  private static final int TREE_SIZES = 0x13;
  private static final int DRIVER_INFO = 0x14;
  private static final int CACHE_IMAGE = 0x18;

  /**
   * Reads the superblock at {@code start}, the position of the signature.
   *
   * @throws HdfException when HDF5 would not open the file
   */
  static HdfStart read(FileChannel channel, long start) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {}
    bytes.flip();
    int version = bytes.get(8);
    if (version < 0 || version > 3) {
      throw new UnsupportedHdfException("it has superblock version " + version);
    }
    return version < 2
        ? old(bytes, version, channel, start)
        : current(bytes, version, channel, start);
  }

  private static HdfStart old(ByteBuffer bytes, int version, FileChannel channel, long start)
      throws IOException {
    if (bytes.get(9) != 0 || bytes.get(10) != 0 || bytes.get(12) != 0) {
      throw new HdfException("its superblock has parts of unknown versions");
    }
    int offsets = size(bytes.get(13));
    size(bytes.get(14));
    int chunks = version == 0 ? Nodes.USUAL.chunks : Short.toUnsignedInt(bytes.getShort(24));
    Nodes nodes =
        new Nodes(
            Short.toUnsignedInt(bytes.getShort(16)),
            Short.toUnsignedInt(bytes.getShort(18)),
            chunks);
    bytes.position(version == 0 ? 24 : 28);
    long base = HdfObject.unsigned(bytes, offsets);
    if (HdfObject.unsigned(bytes, offsets) != HdfStorage.UNDEFINED) {
      throw new HdfException("its superblock has an extension, which its version does not allow");
    }
    long end = end(base, HdfObject.unsigned(bytes, offsets), channel, start);
    long driver = HdfObject.unsigned(bytes, offsets);
    if (driver != HdfStorage.UNDEFINED) {
      ByteBuffer block = ByteBuffer.allocate(16);
      while (block.hasRemaining() && channel.read(block, start + driver + block.position()) >= 0) {}
      throw driver(new String(block.array(), 8, 8, StandardCharsets.US_ASCII));
    }
    return new HdfStart(end, HdfStorage.UNDEFINED, checked(nodes));
  }

  private static HdfStart current(ByteBuffer bytes, int version, FileChannel channel, long start)
      throws IOException {
    int offsets = size(bytes.get(9));
    size(bytes.get(10));
    if (version == 3 && (bytes.get(11) & BEING_WRITTEN) != 0) {
      throw new HdfException(
          "it is open for writing, or its writer failed; if it is complete, run h5clear -s on it");
    }
    bytes.position(12);
    long base = HdfObject.unsigned(bytes, offsets);
    long extension = HdfObject.unsigned(bytes, offsets);
    long end = end(base, HdfObject.unsigned(bytes, offsets), channel, start);
    return new HdfStart(end, extension, Nodes.USUAL);
  }

  /** A user block may have been put before the file, or taken away; HDF5 allows for that. */
  private static long end(long base, long end, FileChannel channel, long start) throws IOException {
    long needed = end - base + start;
    if (end < base || needed > channel.size()) {
      throw new HdfException(
          "it has " + channel.size() + " bytes and should have " + Math.max(end, needed));
    }
    return end - base;
  }

  private static int size(byte bytes) {
    if (bytes != 2 && bytes != 4 && bytes != 8) {
      throw new UnsupportedHdfException("it has addresses or lengths of " + bytes + " bytes");
    }
    return bytes;
  }

  private static Nodes checked(Nodes nodes) {
    if (nodes.leaf == 0 || nodes.group == 0 || nodes.chunks == 0) {
      throw new HdfException("its superblock declares nodes without entries");
    }
    return nodes;
  }

  private static HdfException driver(String name) {
    return new UnsupportedHdfException(
        "it is one of several files that make up one (driver "
            + name.strip()
            + "); join them with h5repack");
  }

  /** Returns this with what its extension says. */
  HdfStart extended(HdfStorage storage) {
    if (extension == HdfStorage.UNDEFINED) {
      return this;
    }
    HdfObject messages = HdfObject.read(storage, extension);
    if (messages.has(CACHE_IMAGE)) {
      throw new UnsupportedHdfException(
          "it has a metadata cache image, which is not supported; open it once for writing");
    }
    if (messages.has(DRIVER_INFO)) {
      byte[] name = new byte[8];
      messages.require(DRIVER_INFO).get(1, name);
      throw driver(new String(name, StandardCharsets.US_ASCII));
    }
    return messages
        .first(TREE_SIZES)
        .map(message -> new HdfStart(end, extension, checked(sizes(message.position(1)))))
        .orElse(this);
  }

  private static Nodes sizes(ByteBuffer message) {
    int chunks = Short.toUnsignedInt(message.getShort());
    int group = Short.toUnsignedInt(message.getShort());
    return new Nodes(Short.toUnsignedInt(message.getShort()), group, chunks);
  }
}
