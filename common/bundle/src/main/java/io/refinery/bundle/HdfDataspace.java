package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.nio.ByteBuffer;

/** The dimensions of a dataset or attribute (specification IV.A.2.b). */
final class HdfDataspace {

  static final long UNLIMITED = -1;

  private static final int MOST_DIMENSIONS = 32;
  private static final int NULL = 2;

  private final long[] dims;
  private final long[] max;
  private final boolean isNull;

  private HdfDataspace(long[] dims, long[] max, boolean isNull) {
    this.dims = dims;
    this.max = max;
    this.isNull = isNull;
  }

  static HdfDataspace parse(ByteBuffer message, int lengthBytes) {
    int version = message.get();
    int rank = Byte.toUnsignedInt(message.get());
    int flags = message.get();
    int kind = message.get();
    if (version == 1) {
      message.position(message.position() + 4);
    } else if (version != 2) {
      throw new UnsupportedHdfException("its dataspace has version " + version);
    }
    if (rank > MOST_DIMENSIONS) {
      throw new HdfException("it has " + rank + " dimensions");
    }
    if (version == 2 && kind == NULL) {
      return new HdfDataspace(new long[] {0}, new long[] {0}, true);
    }
    long[] dims = new long[rank];
    long[] max = new long[rank];
    for (int d = 0; d < rank; d++) {
      dims[d] = HdfObject.unsigned(message, lengthBytes);
      if (dims[d] < 0) {
        throw new HdfException("a dimension is negative");
      }
    }
    for (int d = 0; d < rank; d++) {
      max[d] = (flags & 1) != 0 ? HdfObject.unsigned(message, lengthBytes) : dims[d];
      if (max[d] != UNLIMITED && max[d] < dims[d]) {
        throw new HdfException("a dimension is greater than its maximum");
      }
    }
    return new HdfDataspace(dims, max, false);
  }

  /** Returns one length per dimension: none for a single value, and {0} if it is null. */
  long[] dims() {
    return dims;
  }

  /** Returns the lengths that the dimensions may grow to; {@link #UNLIMITED} for any. */
  long[] max() {
    return max;
  }

  /** Whether it has no elements at all and never will. */
  boolean isNull() {
    return isNull;
  }

  /** Returns the number of elements. */
  long elements() {
    long elements = 1;
    for (long dim : dims) {
      elements = Math.multiplyExact(elements, dim);
    }
    return elements;
  }
}
