package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Optional;

/**
 * Reads the images of a bundle in order. Memory use does not grow with the number of images. Not
 * thread-safe.
 */
public interface BundleReader extends AutoCloseable {

  BundleInfo info();

  /**
   * Reads the next images, in the bundle's order, scaled to [-1, 1].
   *
   * @param max maximum number of images to read, at least 1; fewer are returned only at the end
   * @return empty after the last image
   * @throws BundleException when the next images cannot be read
   */
  Optional<ImageBatch> read(int max) throws BundleException;

  /**
   * Reads the next images as levels; an alternative to {@link #read}. Pixels are rounded to the
   * nearest level; this is exact where the bundle stores 8-bit images.
   *
   * @param max as for {@link #read}
   */
  default Optional<LevelBatch> readLevels(int max) throws BundleException {
    return read(max).map(LevelBatch::of);
  }

  /**
   * Returns a numeric label. Column {@code i} of a label with several columns is also found as
   * {@code name_i}, and columns {@code name_0}, {@code name_1}, ... are together found as {@code
   * name}. The same name therefore works for an HDF5 bundle and for the table in a ZIP.
   *
   * @return empty when there is no such label, or when it is neither numeric nor text
   * @throws BundleException when the labels cannot be read
   */
  default Optional<NumericLabel> numbers(String label) throws BundleException {
    return Optional.empty();
  }

  @Override
  void close();
}
