package io.refinery.bundle;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.SharedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The header of an HDF5 object, as the raw bytes of its messages (HDF5 File Format Specification
 * 3.0, IV.A). jHDF parses every message into objects, from which a datatype cannot be written back
 * bit for bit.
 */
final class HdfObject {

  static final int DATASPACE = 1;
  static final int LINK_INFO = 2;
  static final int DATATYPE = 3;
  static final int FILL_VALUE_OLD = 4;
  static final int FILL_VALUE = 5;
  static final int LINK = 6;
  static final int LAYOUT = 8;
  static final int FILTERS = 11;
  static final int CONTINUATION = 16;
  static final int SYMBOL_TABLE = 17;

  private static final int SHARED = 2;
  private static final int MOST_BLOCKS = 4096;

  private record Raw(int type, boolean shared, ByteBuffer data) {}

  private record Block(long address, int length) {}

  private final HdfStorage storage;
  private final List<Raw> messages = new ArrayList<>();

  private HdfObject(HdfStorage storage) {
    this.storage = storage;
  }

  static HdfObject read(HdfStorage storage, long address) {
    HdfObject object = new HdfObject(storage);
    byte first = storage.piece(address, 1).get();
    if (first == 1) {
      object.readVersion1(address);
    } else {
      object.readVersion2(address);
    }
    return object;
  }

  boolean isDataset() {
    return has(DATASPACE) && has(LAYOUT);
  }

  boolean isGroup() {
    return has(SYMBOL_TABLE) || has(LINK_INFO) || has(LINK);
  }

  boolean has(int type) {
    return messages.stream().anyMatch(message -> message.type == type);
  }

  /** Returns the bytes of all messages of {@code type} that are not shared. */
  List<ByteBuffer> all(int type) {
    return messages.stream().filter(m -> m.type == type).map(m -> view(m.data)).toList();
  }

  /**
   * Returns the bytes of the first message of {@code type}, which may be stored in another object.
   */
  Optional<ByteBuffer> first(int type) {
    return messages.stream().filter(m -> m.type == type).findFirst().map(m -> resolve(m, type));
  }

  ByteBuffer require(int type) {
    return first(type)
        .orElseThrow(() -> new HdfException("header message " + type + " is missing"));
  }

  private ByteBuffer resolve(Raw message, int type) {
    if (!message.shared) {
      return view(message.data);
    }
    long address =
        new SharedMessage(view(message.data), storage.getSuperblock()).getObjectHeaderAddress();
    return read(storage, address).messages.stream()
        .filter(m -> m.type == type && !m.shared)
        .findFirst()
        .map(m -> view(m.data))
        .orElseThrow(() -> new HdfException("a shared message points to nothing"));
  }

  private static ByteBuffer view(ByteBuffer data) {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readVersion1(long address) {
    ByteBuffer prefix = storage.piece(address, 12);
    int length = prefix.getInt(8);
    Deque<Block> blocks = new ArrayDeque<>(List.of(new Block(address + 16, length)));
    for (int read = 0; !blocks.isEmpty(); read++) {
      ByteBuffer block = next(blocks, read);
      while (block.remaining() >= 8) {
        int type = Short.toUnsignedInt(block.getShort());
        int size = Short.toUnsignedInt(block.getShort());
        int flags = block.get();
        block.position(block.position() + 3);
        add(type, flags, block, size, blocks);
      }
    }
  }

  private void readVersion2(long address) {
    ByteBuffer prefix = storage.piece(address, 6);
    if (prefix.getInt() != signature("OHDR") || prefix.get() != 2) {
      throw new HdfException("there is no object header at byte " + address);
    }
    int flags = prefix.get();
    int sizeBytes = 1 << (flags & 3);
    int skip = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
    ByteBuffer size = storage.piece(address + skip, sizeBytes);
    int length = Math.toIntExact(unsigned(size, sizeBytes));
    int start = skip + sizeBytes;
    checked(new Block(address, Math.addExact(start + 4, length)));
    Deque<Block> blocks = new ArrayDeque<>(List.of(new Block(address + start, length)));
    boolean ordered = (flags & 4) != 0;
    for (int read = 0; !blocks.isEmpty(); read++) {
      if (read > 0) {
        Block whole = blocks.remove();
        checked(whole);
        blocks.addFirst(new Block(whole.address + 4, whole.length - 8));
      }
      ByteBuffer block = next(blocks, read);
      while (block.remaining() >= (ordered ? 6 : 4)) {
        int type = Byte.toUnsignedInt(block.get());
        int bytes = Short.toUnsignedInt(block.getShort());
        int messageFlags = block.get();
        block.position(block.position() + (ordered ? 2 : 0));
        add(type, messageFlags, block, bytes, blocks);
      }
    }
  }

  private ByteBuffer next(Deque<Block> blocks, int read) {
    if (read >= MOST_BLOCKS) {
      throw new HdfException("an object header does not end");
    }
    Block block = blocks.remove();
    return storage.piece(block.address, block.length);
  }

  private void checked(Block block) {
    ChecksumUtils.validateChecksum(storage.piece(block.address, block.length));
  }

  private void add(int type, int flags, ByteBuffer block, int size, Deque<Block> blocks) {
    ByteBuffer data = block.slice(block.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    block.position(block.position() + size);
    if (type == CONTINUATION) {
      long address = unsigned(data, storage.getSizeOfOffsets());
      blocks.add(new Block(address, Math.toIntExact(unsigned(data, storage.getSizeOfLengths()))));
    } else {
      messages.add(new Raw(type, (flags & SHARED) != 0, data));
    }
  }

  static int signature(String name) {
    return (name.charAt(3) << 24) | (name.charAt(2) << 16) | (name.charAt(1) << 8) | name.charAt(0);
  }

  /**
   * Reads the next {@code bytes} bytes, 1 to 8, as a number; all ones is {@link
   * HdfStorage#UNDEFINED}.
   */
  static long unsigned(ByteBuffer buffer, int bytes) {
    byte[] value = new byte[8];
    buffer.get(value, 0, bytes);
    boolean undefined = bytes > 1;
    for (int i = 0; i < bytes; i++) {
      undefined &= value[i] == -1;
    }
    if (undefined) {
      Arrays.fill(value, (byte) -1);
    }
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
