package io.refinery.bundle;

import io.jhdf.checksum.ChecksumUtils;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes object headers (HDF5 File Format Specification 3.0, IV.A.1): new ones, and new content for
 * existing ones, whose addresses must stay because links and references point to them.
 */
final class HdfHeaderWriter {

  /** Size of the prefix of a message in a version 1 header. */
  private static final int OLD_MESSAGE = 8;

  private final HdfSpace space;
  private final int addressBytes;
  private final int lengthBytes;

  HdfHeaderWriter(HdfSpace space, HdfEncoding encoding) {
    this.space = space;
    this.addressBytes = encoding.addressBytes();
    this.lengthBytes = encoding.lengthBytes();
  }

  /** Writes a new header, of version 2, and returns its address. */
  long add(List<HdfMessage> messages) throws IOException {
    ByteBuffer body = encode(messages, false);
    ByteBuffer header = ByteBuffer.allocate(10 + body.remaining() + 4);
    header.order(ByteOrder.LITTLE_ENDIAN).putInt(HdfObject.signature("OHDR"));
    // Flag 2: the size of the messages has 4 bytes.
    header.put((byte) 2).put((byte) 2).putInt(body.remaining()).put(body);
    return space.append(checked(header));
  }

  /**
   * Replaces the content of a header: its first block then holds nothing but the address of a new
   * block with all messages.
   */
  void replace(HdfObject.Prefix old, List<HdfMessage> messages) throws IOException {
    if (old.version() == 1) {
      replaceVersion1(old, messages);
    } else {
      replaceVersion2(old, messages);
    }
  }

  private void replaceVersion1(HdfObject.Prefix old, List<HdfMessage> messages) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(messages.stream().mapToInt(this::oldSize).sum());
    block.order(ByteOrder.LITTLE_ENDIAN);
    for (HdfMessage message : messages) {
      int padded = oldSize(message) - OLD_MESSAGE;
      putOldPrefix(block, message.type(), padded, message.flags());
      block.put(message.data());
      block.position(block.position() + padded - message.size());
    }
    int length = block.flip().remaining();
    long address = space.append(block);
    ByteBuffer first = ByteBuffer.allocate(old.length()).order(ByteOrder.LITTLE_ENDIAN);
    int pointer = (addressBytes + lengthBytes + 7) / 8 * 8;
    int left = old.length() - OLD_MESSAGE - pointer;
    requireRoom(left);
    putOldPrefix(first, HdfObject.CONTINUATION, pointer, 0);
    HdfObject.put(first, address, addressBytes);
    HdfObject.put(first, length, lengthBytes);
    first.position(OLD_MESSAGE + pointer);
    if (left >= OLD_MESSAGE) {
      putOldPrefix(first, HdfObject.NOTHING, left - OLD_MESSAGE, 0);
    }
    ByteBuffer count = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    count.putShort((short) (messages.size() + (left >= OLD_MESSAGE ? 2 : 1)));
    space.write(old.address() + 2, count.flip());
    space.write(old.start(), first.rewind());
  }

  private int oldSize(HdfMessage message) {
    return OLD_MESSAGE + (message.size() + 7) / 8 * 8;
  }

  private static void putOldPrefix(ByteBuffer into, int type, int size, int flags) {
    into.putShort((short) type).putShort((short) size).put((byte) flags);
    into.put((byte) 0).putShort((short) 0);
  }

  private void replaceVersion2(HdfObject.Prefix old, List<HdfMessage> messages) throws IOException {
    ByteBuffer body = encode(messages, old.ordered());
    ByteBuffer block = ByteBuffer.allocate(8 + body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    block.putInt(HdfObject.signature("OCHK")).put(body);
    int length = block.capacity();
    long address = space.append(checked(block));
    ByteBuffer pointer = ByteBuffer.allocate(addressBytes + lengthBytes);
    HdfObject.put(pointer, address, addressBytes);
    HdfObject.put(pointer, length, lengthBytes);
    ByteBuffer moved =
        encode(List.of(HdfMessage.of(HdfObject.CONTINUATION, pointer.flip())), old.ordered());
    int left = old.length() - moved.remaining();
    requireRoom(left);
    int start = Math.toIntExact(old.start() - old.address());
    ByteBuffer header = ByteBuffer.allocate(start + old.length() + 4);
    header.order(ByteOrder.LITTLE_ENDIAN).put(prefix(old, start)).put(moved);
    int nothing = old.ordered() ? 6 : 4;
    if (left >= nothing) {
      header.put(
          encode(
              List.of(new HdfMessage(HdfObject.NOTHING, 0, 0, new byte[left - nothing])),
              old.ordered()));
    }
    header.position(header.capacity() - 4);
    space.write(old.address(), checked(header));
  }

  /** Returns the bytes before the messages, which stay. */
  private ByteBuffer prefix(HdfObject.Prefix old, int length) throws IOException {
    return space.read(old.address(), length);
  }

  private void requireRoom(int left) {
    if (left < 0) {
      throw new HdfException("an object header is too small to be replaced");
    }
  }

  private static ByteBuffer encode(List<HdfMessage> messages, boolean ordered) {
    int prefix = ordered ? 6 : 4;
    int size = messages.stream().mapToInt(message -> prefix + message.size()).sum();
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (HdfMessage message : messages) {
      bytes.put((byte) message.type()).putShort((short) message.size());
      bytes.put((byte) message.flags());
      if (ordered) {
        bytes.putShort((short) message.order());
      }
      bytes.put(message.data());
    }
    return bytes.flip();
  }

  /** Fills the last four bytes with the checksum of those before. */
  private static ByteBuffer checked(ByteBuffer block) {
    int end = block.capacity() - 4;
    byte[] content = new byte[end];
    block.get(0, content);
    return block.putInt(end, ChecksumUtils.checksum(content)).rewind();
  }
}
