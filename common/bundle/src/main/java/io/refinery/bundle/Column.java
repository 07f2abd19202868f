package io.refinery.bundle;

/**
 * One label, or the images' names: one row per image, all of the same dimensions and type. Rows are
 * read a few at a time, in any order.
 */
interface Column {

  /** Returns the name; slashes in it separate groups inside the bundle. */
  String name();

  HdfType type() throws BundleException;

  /** Returns the dimensions of one row; none for a single value. */
  long[] rowDims();

  /** Returns the number of elements per row. */
  default int rowElements() {
    long elements = 1;
    for (long dim : rowDims()) {
      elements = Math.multiplyExact(elements, dim);
    }
    return Math.toIntExact(elements);
  }

  /**
   * Reads rows of elements of a fixed size.
   *
   * @param from the first row
   * @param into receives {@code count} rows of elements as they are stored
   */
  void read(long from, int count, byte[] into) throws BundleException;

  /**
   * Reads rows of elements of variable length.
   *
   * @return the values of {@code count} rows, element after element
   */
  byte[][] readVariable(long from, int count) throws BundleException;
}
