package io.refinery.bundle;

import io.jhdf.object.message.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One message of an object header, as its raw bytes (HDF5 File Format Specification 3.0, IV.A).
 * jHDF parses every message into objects, from which not all can be written back bit for bit.
 */
final class HdfMessage {

  private static final int SHARED = 2;

  private final int type;
  private final int flags;
  private final int order;
  private final byte[] data;

  /**
   * @param order the creation index of an attribute, where its header tracks it
   */
  HdfMessage(int type, int flags, int order, byte[] data) {
    this.type = type;
    this.flags = flags;
    this.order = order;
    this.data = data;
  }

  static HdfMessage of(int type, ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return new HdfMessage(type, 0, 0, bytes);
  }

  static HdfMessage of(Message message) {
    return of(message.getMessageType(), message.toBuffer().rewind());
  }

  HdfMessage withOrder(int index) {
    return new HdfMessage(type, flags, index, data);
  }

  HdfMessage withData(byte[] other) {
    return new HdfMessage(type, flags, order, other);
  }

  int type() {
    return type;
  }

  int flags() {
    return flags;
  }

  int order() {
    return order;
  }

  /** Whether the data only say in which object the message is. */
  boolean isShared() {
    return (flags & SHARED) != 0;
  }

  /** Returns the data, to be read only. */
  ByteBuffer data() {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  int size() {
    return data.length;
  }
}
