package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.util.Optional;

/**
 * Reads a bundle from its first image to its last, in memory that does not grow with their number.
 * One thread at a time uses it.
 */
public interface BundleReader extends AutoCloseable {

  BundleInfo info();

  /**
   * The next images, in the bundle's order, scaled to [-1, 1].
   *
   * @param max at most as many, at least 1; fewer only at the end
   * @return empty after the last image
   * @throws BundleException when what comes next cannot be read
   */
  Optional<ImageBatch> read(int max) throws BundleException;

  /**
   * The next images as levels, in place of {@link #read}: to the nearest level, and exactly where
   * the bundle stores 8-bit images.
   *
   * @param max as there
   */
  default Optional<LevelBatch> readLevels(int max) throws BundleException {
    return read(max).map(LevelBatch::of);
  }

  /**
   * A label that is numbers. The column {@code i} of a label of several is found as {@code name_i},
   * and columns {@code name_0}, {@code name_1}, ... together as {@code name}: so one name finds the
   * same in an HDF5 bundle and in the table that a ZIP has instead.
   *
   * @return empty where there is no such label, or where it is neither numbers nor text
   * @throws BundleException when the labels cannot be read
   */
  default Optional<NumericLabel> numbers(String label) throws BundleException {
    return Optional.empty();
  }

  @Override
  void close();
}
