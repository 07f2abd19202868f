package io.refinery.bundle;

import java.util.List;

/** A label with one or more numbers per image. It can be read only while its reader is open. */
public interface NumericLabel {

  String name();

  /** Returns the number of numbers per image, at least 1. */
  int columns();

  /** Returns the dimensions per image; none for a single number. */
  default List<Integer> dims() {
    return columns() == 1 ? List.of() : List.of(columns());
  }

  /**
   * Reads the numbers of {@code rows} images from image {@code from}, counted from the reader's
   * first image, row-major. A missing value (NaN or an empty cell) is NaN. A reader of one bundle
   * can return any row at any time; a reader of several bundles, only those of the bundle that the
   * last images came from.
   *
   * @throws BundleException when a value cannot be read, or is text but not a number
   */
  double[] read(long from, int rows) throws BundleException;
}
