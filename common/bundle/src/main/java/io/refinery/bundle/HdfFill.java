package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The value of elements that were never written (specification IV.A.2.e and f). */
final class HdfFill {

  private static final int DEFINED = 32;

  /** Empty for zeros. */
  private final byte[] value;

  private HdfFill(byte[] value) {
    this.value = value;
  }

  static HdfFill parse(HdfObject object) {
    Optional<ByteBuffer> found = object.first(HdfObject.FILL_VALUE);
    if (found.isEmpty()) {
      return new HdfFill(
          object.first(HdfObject.FILL_VALUE_OLD).map(HdfFill::sized).orElse(new byte[0]));
    }
    ByteBuffer message = found.get();
    int version = message.get();
    if (version < 1 || version > 3) {
      throw new HdfException("a fill value has version " + version);
    }
    boolean defined;
    if (version == 3) {
      defined = (message.get() & DEFINED) != 0;
    } else {
      message.position(message.position() + 2);
      defined = message.get() != 0 && message.remaining() >= 4;
    }
    return new HdfFill(defined ? sized(message) : new byte[0]);
  }

  private static byte[] sized(ByteBuffer message) {
    int size = message.getInt();
    if (size < -1 || size > message.remaining()) {
      throw new HdfException("a fill value is truncated");
    }
    byte[] bytes = new byte[Math.max(0, size)];
    message.get(bytes);
    return bytes;
  }

  /** Fills {@code into} with elements of {@code size} bytes. */
  void fill(byte[] into, int size) {
    if (value.length != 0 && value.length != size) {
      throw new HdfException("the fill value does not have the size of an element");
    }
    for (int at = 0; value.length > 0 && at + size <= into.length; at += size) {
      System.arraycopy(value, 0, into, at, size);
    }
  }
}
