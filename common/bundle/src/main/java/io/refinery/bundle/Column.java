package io.refinery.bundle;

/**
 * One label of every image, or the images' names: a row an image, each of the same dimensions and
 * type. Rows are read in order or out of it, a few at a time.
 */
interface Column {

  /** May have slashes: groups inside the bundle. */
  String name();

  HdfType type() throws BundleException;

  /** Of one row; none for a single value. */
  long[] rowDims();

  /** Elements of one row. */
  default int rowElements() {
    long elements = 1;
    for (long dim : rowDims()) {
      elements = Math.multiplyExact(elements, dim);
    }
    return Math.toIntExact(elements);
  }

  /**
   * @param from the first row
   * @param into {@code count} rows of elements as they are stored, which are of a fixed size
   */
  void read(long from, int count, byte[] into) throws BundleException;

  /**
   * For elements of variable length.
   *
   * @return the values of {@code count} rows, element after element
   */
  byte[][] readVariable(long from, int count) throws BundleException;
}
