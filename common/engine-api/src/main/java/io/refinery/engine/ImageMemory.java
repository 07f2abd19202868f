package io.refinery.engine;

import io.refinery.image.ImageBatch;

/**
 * Images of one shape in numbered places, stored where the engine computes. Algorithm 1 keeps its
 * history buffer in it.
 */
public interface ImageMemory {

  /** Returns copies of the images in these places, each of which must have been written. */
  ImageBatch read(int[] places);

  /**
   * Writes copies of {@code images} to these places, in order.
   *
   * @param places distinct, one per image, from 0 to below {@link PairSpec#memory()}
   * @throws IllegalArgumentException when the numbers of places and images differ
   */
  void write(ImageBatch images, int[] places);
}
