package io.refinery.engine;

import io.refinery.image.ImageBatch;

/**
 * A network that learns labels of images. One thread at a time uses it.
 *
 * <p>The same spec, device and updates make the same weights to the bit.
 */
public interface Estimator extends AutoCloseable {

  /**
   * One update.
   *
   * @param images at most as many as {@link EstimatorSpec#batch()}
   * @param targets images x outputs, row-major
   * @return the loss before the update
   */
  double update(ImageBatch images, float[] targets);

  /**
   * Its outputs for any number of images: images x outputs, row-major; logits where the loss is the
   * cross-entropy.
   */
  float[] predict(ImageBatch images);

  /**
   * What its last hidden layer puts out for any number of images: images x that layer's values,
   * row-major.
   */
  float[] features(ImageBatch images);

  /** Frees its native memory. */
  @Override
  void close();
}
