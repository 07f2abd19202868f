package io.refinery.bundle;

import io.jhdf.object.datatype.ArrayDataType;
import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.storage.HdfBackingStorage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * An element's type: as jHDF understands it, and as the bytes that the file holds, which a copy
 * repeats.
 */
final class HdfType {

  private static final int REFERENCE = 7;

  private final byte[] message;
  private final DataType type;

  private HdfType(byte[] message) {
    this.message = message;
    this.type = DataType.readDataType(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN));
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

  /** Strings of any length, UTF-8, as h5py writes them. */
  static HdfType strings() {
    ByteBuffer message = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    message.put((byte) 0x19).put((byte) 1).put((byte) 1).put((byte) 0).putInt(16);
    message.put((byte) 0x13).put((byte) 0).put((byte) 1).put((byte) 0).putInt(1);
    return parse(message.flip());
  }

  /** Bytes of one element; for values of variable length, of the reference to one. */
  int size() {
    return type.getSize();
  }

  DataType parsed() {
    return type;
  }

  /** For writing: the same bytes again. */
  DataType copy() {
    return new Copy(message);
  }

  boolean isVariable() {
    return type instanceof VariableLength;
  }

  boolean isFixedString() {
    return type instanceof StringData;
  }

  /** Bytes of one item of a value of variable length: 1 for text. */
  int itemSize() {
    return ((VariableLength) type).getParent().getSize();
  }

  boolean isUint8() {
    return type instanceof FixedPoint fixed && fixed.getSize() == 1 && !fixed.isSigned();
  }

  /** The byte order, when this is a 32-bit IEEE float. */
  Optional<ByteOrder> float32() {
    return type instanceof FloatingPoint real && real.getSize() == 4 && real.getExponentSize() == 8
        ? Optional.of(real.getByteOrder())
        : Optional.empty();
  }

  /** Whether its bytes mean the same in another file. */
  boolean canBeCopied() {
    return isVariable() ? isPlain(((VariableLength) type).getParent()) : isPlain(type);
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
      throw new UnsupportedOperationException("A copied datatype only goes into a file");
    }
  }
}
