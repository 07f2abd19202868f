package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * An element's type, as jHDF understands it and as the original bytes of the file, which a copy
 * keeps.
 */
final class HdfType {

  private static final int STRING = 3;
  private static final int ENUM = 8;
  private static final int VARIABLE = 9;

  /** A datatype's class, flags and size; what follows depends on the class. */
  private static final int PREFIX = 8;

  /** Class, flags and properties, without the size: 8 bits from bit 0, unsigned. */
  private static final int[] UINT8 = {0, 0, 0, 0, 0, 0, 8, 0};

  /** IEEE 754: sign at bit 31, exponent of 8 bits at 23 with bias 127, mantissa of 23 bits. */
  private static final int[] FLOAT32 = {1, 0x20, 31, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0};

  private static final int[] BIG_ENDIAN_FLOAT32 = {
    1, 0x21, 31, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0
  };

  private final byte[] message;
  private final boolean flat;

  private HdfType(byte[] message) {
    if (message.length < PREFIX || size(message, 0) < 0) {
      throw new HdfException("a datatype is truncated");
    }
    this.message = message;
    if (size() == 0 || (isVariable() && (message.length < 2 * PREFIX || itemSize() < 1))) {
      throw new HdfException("a datatype has size 0");
    }
    this.flat = HdfTypeParser.parse(message).isFlat();
  }

  private static int size(byte[] message, int at) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
  }

  private int classId() {
    return message[0] & 0xF;
  }

  static HdfType parse(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    return new HdfType(bytes);
  }

  static HdfType of(DataType type) {
    ByteBuffer bytes = type.toBuffer();
    bytes.rewind();
    return parse(bytes);
  }

  /** Returns the type of UTF-8 strings of any length, as h5py writes them. */
  static HdfType strings() {
    ByteBuffer message = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    message.put((byte) 0x19).put((byte) 1).put((byte) 1).put((byte) 0).putInt(16);
    message.put((byte) 0x13).put((byte) 0).put((byte) 1).put((byte) 0).putInt(1);
    return parse(message.flip());
  }

  /**
   * Returns the size of one element in bytes; for values of variable length, that of a reference.
   */
  int size() {
    return size(message, 0);
  }

  /**
   * Returns the type as jHDF parses it; jHDF cannot parse every type that can be copied. Versions 4
   * and 5 only add types, so the others are given to it as version 3.
   */
  DataType parsed() {
    byte[] older = HdfTypeParser.parse(message).asVersion3();
    return DataType.readDataType(ByteBuffer.wrap(older).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Returns the type in words, such as {@code float32}. */
  String description() {
    return HdfTypeParser.parse(message).description();
  }

  /** Returns the type for writing, with the same bytes. */
  DataType copy() {
    return new Copy(message);
  }

  boolean isVariable() {
    return classId() == VARIABLE;
  }

  boolean isFixedString() {
    return classId() == STRING;
  }

  /** Returns the size of one item of a variable-length value, in bytes: 1 for text. */
  int itemSize() {
    return size(message, PREFIX);
  }

  boolean isNumber() {
    return classId() == FixedPoint.CLASS_ID || classId() == FloatingPoint.CLASS_ID;
  }

  /** Whether it is an enumeration, such as h5py's booleans. */
  boolean isEnum() {
    return classId() == ENUM;
  }

  boolean isVariableText() {
    return isVariable() && (message[1] & 0xF) == 1;
  }

  boolean isUint8() {
    return has(UINT8, 1);
  }

  /** Returns the byte order if this is a 32-bit IEEE float. */
  Optional<ByteOrder> float32() {
    if (has(FLOAT32, Float.BYTES)) {
      return Optional.of(ByteOrder.LITTLE_ENDIAN);
    }
    return has(BIG_ENDIAN_FLOAT32, Float.BYTES)
        ? Optional.of(ByteOrder.BIG_ENDIAN)
        : Optional.empty();
  }

  /** Whether the message says exactly this, other than its version. */
  private boolean has(int[] expected, int size) {
    if (size() != size || message.length < PREFIX + expected.length - 4) {
      return false;
    }
    boolean same = classId() == expected[0];
    for (int i = 1; i < expected.length; i++) {
      same &= Byte.toUnsignedInt(message[i < 4 ? i : i + 4]) == expected[i];
    }
    return same;
  }

  /** Whether its bytes mean the same in another file. */
  boolean canBeCopied() {
    return flat;
  }

  boolean sameAs(HdfType other) {
    return Arrays.equals(message, other.message);
  }

  /** Whether both are fixed strings that differ at most in their length. */
  boolean sameTextAs(HdfType other) {
    return isFixedString()
        && other.isFixedString()
        && Arrays.equals(message, 0, 4, other.message, 0, 4);
  }

  /** Returns the byte that pads a fixed string. */
  byte padding() {
    boolean spaces = (message[1] & 0xF) == 2;
    return (byte) (spaces ? ' ' : 0);
  }

  private static final class Copy extends DataType {

    private final byte[] message;

    Copy(byte[] message) {
      super(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN));
      this.message = message;
    }

    @Override
    public ByteBuffer toBuffer() {
      return ByteBuffer.wrap(message);
    }

    @Override
    public Class<?> getJavaType() {
      return Object.class;
    }

    @Override
    public Object fillData(ByteBuffer buffer, int[] dimensions, HdfBackingStorage storage) {
      throw new UnsupportedOperationException("A copied datatype can only be written to a file");
    }
  }
}
