package io.refinery.bundle;

import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;

/** How numbers are stored: little-endian. */
public enum NumberType {
  INT8(1, true),
  UINT8(1, true),
  INT16(2, true),
  UINT16(2, true),
  INT32(4, true),
  UINT32(4, true),
  INT64(8, true),
  UINT64(8, true),
  FLOAT32(4, false),
  FLOAT64(8, false);

  private final int bytes;
  private final boolean integer;

  NumberType(int bytes, boolean integer) {
    this.bytes = bytes;
    this.integer = integer;
  }

  /** Returns the size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is a whole number. */
  public boolean isInteger() {
    return integer;
  }

  /** Whether negative numbers can be stored. */
  public boolean isSigned() {
    return !name().startsWith("U");
  }

  HdfType hdfType() {
    if (integer) {
      return HdfType.of(new FixedPoint(bytes, isSigned()));
    }
    return HdfType.of(this == FLOAT32 ? FloatingPoint.FLOAT : FloatingPoint.DOUBLE);
  }
}
