package io.refinery.bundle;

/**
 * A label that is numbers, some for every image. It is read while the reader that it comes from is
 * open.
 */
public interface NumericLabel {

  String name();

  /** Numbers an image, at least 1. */
  int columns();

  /**
   * The numbers of {@code rows} images from image {@code from} on, row-major; NaN where an image
   * has none: a NaN or an empty cell. Images are counted from the reader's first one. A reader of
   * one bundle has all rows at any time; one of several bundles has those of the bundle that the
   * last images came from.
   *
   * @throws BundleException when one cannot be read, or is text that is no number
   */
  double[] read(long from, int rows) throws BundleException;
}
