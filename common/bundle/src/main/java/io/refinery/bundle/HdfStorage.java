package io.refinery.bundle;

import io.jhdf.Superblock;
import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bytes of an HDF5 file for jHDF's parsers. Lengths in the file cannot be trusted, so nothing
 * is allocated before it is known to lie inside the file. Nothing is memory-mapped.
 */
final class HdfStorage implements HdfBackingStorage, AutoCloseable {

  /** The format's null address. */
  static final long UNDEFINED = -1;

  /** Largest block of structure or data read at once: 256 MiB. */
  static final int LARGEST_PIECE = 256 << 20;

  /** Largest tree, heap or index: 1 GiB. */
  private static final long LARGEST_STRUCTURE = 1 << 30;

  private static final long SIGNATURE = 0x894844460D0A1A0AL;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final long base;
  private final long end;
  private final Superblock superblock;
  private final HdfStart.Nodes nodes;
  private final List<HdfSpool> spools = new ArrayList<>();
  private long structureBytes;

  private HdfStorage(Path file, FileChannel channel, long base) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
    this.base = base;
    HdfStart start = HdfStart.read(channel, base);
    this.end = start.end();
    this.superblock = Superblock.readSuperblock(channel, base);
    this.nodes = start.extended(this).nodes();
  }

  static HdfStorage open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long base =
          signature(channel).orElseThrow(() -> new IOException("there is no HDF5 signature"));
      return new HdfStorage(file, channel, base);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Returns the position of the signature: 0, or after a user block of 512 bytes times a power of
   * two.
   */
  static OptionalLong signature(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8);
    for (long at = 0; at + 8 <= channel.size(); at = at == 0 ? 512 : at * 2) {
      bytes.clear();
      while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
      if (!bytes.hasRemaining() && bytes.getLong(0) == SIGNATURE) {
        return OptionalLong.of(at);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Call before jHDF reads a tree, heap or index. A structure that contains itself, or points to
   * the same place many times, is detected by the amount read: more than the file holds.
   */
  void startStructure() {
    structureBytes = 0;
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    structureBytes += Math.max(0, length);
    if (structureBytes > Math.min(LARGEST_STRUCTURE, 8 * size + (1 << 20))) {
      throw new HdfException("a structure in it does not end");
    }
    return piece(address, length);
  }

  /** Returns a copy of a range of bytes. */
  ByteBuffer piece(long address, int length) {
    if (length < 0 || length > LARGEST_PIECE) {
      throw new HdfException("it declares a block of " + Integer.toUnsignedLong(length) + " bytes");
    }
    if (address < 0 || address > end - length) {
      throw new HdfException(
          "bytes " + address + " to " + (address + length) + " lie outside the file");
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    read(address, buffer);
    return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns a copy of a range of bytes after which their checksum is stored.
   *
   * @param length without the checksum
   */
  ByteBuffer checked(long address, int length) {
    ByteBuffer buffer = piece(address, Math.addExact(length, Integer.BYTES));
    int stored = buffer.getInt(length);
    byte[] bytes = new byte[length];
    buffer.limit(length).get(0, bytes);
    if (ChecksumUtils.checksum(bytes) != stored) {
      throw new HdfException("the checksum of the structure at byte " + address + " differs");
    }
    return buffer;
  }

  /**
   * Returns the entries of a node, whose room for more is in the file too, as HDF5 reads it.
   *
   * @param used bytes of the entries
   * @param room bytes of the node's greatest number of entries
   */
  ByteBuffer node(long address, int used, int room) {
    if (used > room || address < 0 || address > end - room) {
      throw new HdfException("the node before byte " + address + " is not as large as nodes are");
    }
    return readBufferFromAddress(address, used);
  }

  HdfStart.Nodes nodes() {
    return nodes;
  }

  /** Returns a temporary file in the file's folder, deleted when this is closed. */
  HdfSpool spool() {
    HdfSpool spool = HdfSpool.beside(file);
    spools.add(spool);
    return spool;
  }

  /** Fills the rest of {@code into} with the bytes at {@code address}. */
  void read(long address, ByteBuffer into) {
    if (address < 0 || address > end - into.remaining()) {
      throw new HdfException("byte " + address + " lies outside the file");
    }
    long at = base + address;
    try {
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new HdfException("the file ends before byte " + at);
        }
        at += count;
      }
    } catch (IOException e) {
      throw new HdfException("byte " + at + " cannot be read", e);
    }
  }

  /** Returns the sizes of numbers in the file. */
  HdfEncoding encoding() {
    return new HdfEncoding(
        getSizeOfOffsets(), getSizeOfLengths(), new HdfSuperblock(this).treeEntries());
  }

  @Override
  public ByteBuffer map(long address, long length) {
    return readBufferFromAddress(address, Math.toIntExact(length));
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    return map(address - base, length);
  }

  @Override
  public long getUserBlockSize() {
    return base;
  }

  @Override
  public Superblock getSuperblock() {
    return superblock;
  }

  @Override
  public FileChannel getFileChannel() {
    return channel;
  }

  @Override
  public int getSizeOfOffsets() {
    return superblock.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return superblock.getSizeOfLengths();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean inMemory() {
    return false;
  }

  @Override
  public void close() {
    try (channel) {
      for (HdfSpool spool : spools) {
        spool.close();
      }
    } catch (IOException e) {
      throw new HdfException("the file cannot be closed", e);
    }
  }
}
