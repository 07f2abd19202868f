package io.refinery.engine;

import io.refinery.image.ImageBatch;

/** A refiner that is ready to run. One thread at a time uses it. */
public interface Refiner extends AutoCloseable {

  /**
   * Refines a batch of any size, height and width.
   *
   * @return as many images of the same shape, in [-1, 1], in a new array
   * @throws EngineException when the device fails
   */
  ImageBatch refine(ImageBatch synthetic);

  /** Frees its native memory. */
  @Override
  void close();
}
