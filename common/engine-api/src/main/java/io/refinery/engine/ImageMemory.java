package io.refinery.engine;

import io.refinery.image.ImageBatch;

/**
 * Images of one shape in numbered places, kept where an engine computes: what Algorithm 1 keeps its
 * history buffer in.
 */
public interface ImageMemory {

  /** Copies of the images in these places, each of which was written before. */
  ImageBatch read(int[] places);

  /**
   * Puts copies of {@code images} into these places, in order.
   *
   * @param places as many different ones as there are images, from 0 to below {@link
   *     PairSpec#memory()}
   * @throws IllegalArgumentException where there are more or fewer places than images
   */
  void write(ImageBatch images, int[] places);
}
