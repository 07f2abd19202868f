package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.List;

/** A label with one value, or an array of one shape, for every image. */
public interface ImageLabel {

  /** How values are stored. */
  enum Type {
    /** Unicode text. */
    TEXT,
    /** float64; NaN where a value is missing. */
    FLOAT64,
    /** int64, of whole numbers that float64 cannot hold. */
    INT64
  }

  /** Returns the name; slashes in it separate groups. */
  String name();

  Type type();

  /** Returns the dimensions of the array per image; none for a single value. */
  List<Integer> dims();

  /**
   * Whether the last dimension holds a point in the image: x to the right and y down, in pixels
   * from the top left corner, then perhaps numbers that are not in pixels, such as a depth. Code
   * that crops or scales images must do the same to points.
   */
  default boolean isPoints() {
    return false;
  }

  /** Returns the number of values per image, at least 1. */
  default int elements() {
    return dims().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /**
   * Reads numbers: the bits of a float64 ({@link Double#longBitsToDouble}), or an int64.
   *
   * @param from the first image
   * @return values of {@code count} images, row-major
   * @throws UnsupportedOperationException when the label is text
   */
  long[] bits(int from, int count) throws BundleException, IOException;

  /**
   * Reads text.
   *
   * @param from the first image
   * @return values of {@code count} images, row-major
   * @throws UnsupportedOperationException when the label is numeric
   */
  String[] texts(int from, int count) throws BundleException, IOException;
}
