package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.VariableLength;
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
  private static final int COMPOUND = 6;
  private static final int REFERENCE = 7;
  private static final int VARIABLE = 9;
  private static final int ARRAY = 10;

  /** A datatype's class, flags and size; what follows depends on the class. */
  private static final int PREFIX = 8;

  private final byte[] message;

  private HdfType(byte[] message) {
    if (message.length < PREFIX || size(message, 0) < 0) {
      throw new HdfException("a datatype is truncated");
    }
    this.message = message;
    if (size() == 0 || (isVariable() && (message.length < 2 * PREFIX || itemSize() < 1))) {
      throw new HdfException("a datatype has size 0");
    }
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

  /** Returns the type as jHDF parses it; jHDF cannot parse every type that can be copied. */
  DataType parsed() {
    return DataType.readDataType(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN));
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

  boolean isUint8() {
    return classId() == FixedPoint.CLASS_ID
        && parsed() instanceof FixedPoint fixed
        && fixed.getSize() == 1
        && !fixed.isSigned();
  }

  /** Returns the byte order if this is a 32-bit IEEE float. */
  Optional<ByteOrder> float32() {
    return classId() == FloatingPoint.CLASS_ID
            && parsed() instanceof FloatingPoint real
            && real.getSize() == 4
            && real.getExponentSize() == 8
        ? Optional.of(real.getByteOrder())
        : Optional.empty();
  }

  /** Whether its bytes mean the same in another file. */
  boolean canBeCopied() {
    int element = (isVariable() ? message[PREFIX] : message[0]) & 0xF;
    return switch (element) {
      case REFERENCE, VARIABLE -> false;
      case COMPOUND, ARRAY ->
          isPlain(isVariable() ? ((VariableLength) parsed()).getParent() : parsed());
      default -> true;
    };
  }

  private static boolean isPlain(DataType type) {
    if (type instanceof CompoundDataType compound) {
      return compound.getMembers().stream().allMatch(member -> isPlain(member.getDataType()));
    }
    if (type instanceof ArrayDataType array) {
      return isPlain(array.getBaseType());
    }
    return !(type instanceof VariableLength) && type.getDataClass() != REFERENCE;
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
