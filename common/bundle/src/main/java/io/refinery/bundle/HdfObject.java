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
 * 3.0, IV.A).
 */
final class HdfObject {

  static final int NOTHING = 0;
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

  static final int ATTRIBUTE = 12;
  static final int ATTRIBUTE_INFO = 21;

  private static final int MOST_BLOCKS = 4096;

  private record Block(long address, int length) {}

  /**
   * Where a header starts.
   *
   * @param version 1 or 2
   * @param start of the messages of the first block
   * @param length bytes of the messages of the first block
   * @param ordered whether messages have a creation index
   */
  record Prefix(long address, int version, long start, int length, boolean ordered) {}

  private final HdfStorage storage;
  private final List<HdfMessage> messages = new ArrayList<>();
  private Prefix prefix = new Prefix(0, 0, 0, 0, false);

  private HdfObject(HdfStorage storage) {
    this.storage = storage;
  }

  Prefix prefix() {
    return prefix;
  }

  /** Returns all messages other than those that only continue the header. */
  List<HdfMessage> messages() {
    return List.copyOf(messages);
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
    return messages.stream().anyMatch(message -> message.type() == type);
  }

  /** Returns the bytes of all messages of {@code type} that are not shared. */
  List<ByteBuffer> all(int type) {
    return messages.stream().filter(m -> m.type() == type).map(HdfMessage::data).toList();
  }

  /**
   * Returns the bytes of the first message of {@code type}, which may be stored in another object.
   */
  Optional<ByteBuffer> first(int type) {
    return messages.stream().filter(m -> m.type() == type).findFirst().map(m -> resolve(m, type));
  }

  ByteBuffer require(int type) {
    return first(type)
        .orElseThrow(() -> new HdfException("header message " + type + " is missing"));
  }

  private ByteBuffer resolve(HdfMessage message, int type) {
    if (!message.isShared()) {
      return message.data();
    }
    long address =
        new SharedMessage(message.data(), storage.getSuperblock()).getObjectHeaderAddress();
    return read(storage, address).messages.stream()
        .filter(m -> m.type() == type && !m.isShared())
        .findFirst()
        .map(HdfMessage::data)
        .orElseThrow(() -> new HdfException("a shared message points to nothing"));
  }

  private void readVersion1(long address) {
    ByteBuffer prefix = storage.piece(address, 12);
    int length = prefix.getInt(8);
    this.prefix = new Prefix(address, 1, address + 16, length, false);
    Deque<Block> blocks = new ArrayDeque<>(List.of(new Block(address + 16, length)));
    for (int read = 0; !blocks.isEmpty(); read++) {
      ByteBuffer block = next(blocks, read);
      while (block.remaining() >= 8) {
        int type = Short.toUnsignedInt(block.getShort());
        int size = Short.toUnsignedInt(block.getShort());
        int flags = block.get();
        block.position(block.position() + 3);
        add(type, flags, 0, block, size, blocks);
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
    this.prefix = new Prefix(address, 2, address + start, length, ordered);
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
        int order = ordered ? Short.toUnsignedInt(block.getShort()) : 0;
        add(type, messageFlags, order, block, bytes, blocks);
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

  private void add(
      int type, int flags, int order, ByteBuffer block, int size, Deque<Block> blocks) {
    byte[] bytes = new byte[size];
    block.get(bytes);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (type == CONTINUATION) {
      long address = unsigned(data, storage.getSizeOfOffsets());
      blocks.add(new Block(address, Math.toIntExact(unsigned(data, storage.getSizeOfLengths()))));
    } else if (type != NOTHING) {
      messages.add(new HdfMessage(type, flags, order, bytes));
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

  /** Writes {@code value} as a number of {@code bytes} bytes, 1 to 8. */
  static void put(ByteBuffer buffer, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      buffer.put((byte) (value >>> (8 * i)));
    }
  }
}
