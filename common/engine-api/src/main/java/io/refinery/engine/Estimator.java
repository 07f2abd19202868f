package io.refinery.engine;

import io.refinery.image.ImageBatch;

/**
 * A network that learns labels of images. Not thread-safe.
 *
 * <p>The same spec, device and updates give the same weights, bit for bit.
 */
public interface Estimator extends AutoCloseable {

  /**
   * Updates the network once.
   *
   * @param images at most {@link EstimatorSpec#batch()}
   * @param targets images x outputs, row-major
   * @return the loss before the update
   */
  double update(ImageBatch images, float[] targets);

  /**
   * Returns the outputs for any number of images: images x outputs, row-major; logits if the loss
   * is the cross-entropy.
   */
  float[] predict(ImageBatch images);

  /**
   * Returns the output of the last hidden layer for any number of images: images x that layer's
   * values, row-major.
   */
  float[] features(ImageBatch images);

  /** Frees native memory. */
  @Override
  void close();
}
