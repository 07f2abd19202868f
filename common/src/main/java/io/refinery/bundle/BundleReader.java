package io.refinery.bundle;

import io.refinery.image.ImageBatch;
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

  @Override
  void close();
}
