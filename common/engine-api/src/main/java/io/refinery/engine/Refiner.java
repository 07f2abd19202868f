package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;

/** A refiner that is ready to run. One thread at a time uses it. */
public interface Refiner extends AutoCloseable {

  /** A batch where nobody knows better: 32 images. */
  int USUAL_BATCH = 32;

  /**
   * Refines a batch of any size, height and width.
   *
   * @return as many images of the same shape, in [-1, 1], in a new array
   * @throws DeviceMemoryException when the device has too little memory for so many
   * @throws DeviceFailedException when the device is lost to this process
   * @throws EngineException when it fails otherwise
   */
  ImageBatch refine(ImageBatch synthetic);

  /**
   * The same from levels to levels, for whoever has 8-bit images and wants 8-bit images: an engine
   * may take a quarter of the bytes to its device and scale them there.
   *
   * @return the levels of what {@link #refine(ImageBatch)} makes of the same images
   * @throws IllegalArgumentException where a refined pixel is NaN, which no level could tell
   */
  default LevelBatch refine(LevelBatch synthetic) {
    return LevelBatch.of(refine(synthetic.toImages()));
  }

  /** How many images of {@code shape} at a time are refined fastest, as far as it knows. */
  default int batch(ImageShape shape) {
    return USUAL_BATCH;
  }

  /**
   * @param channels those of the images that a network refines
   * @param batch images of {@code shape}, as the message tells them
   * @throws EngineException where it is images of other channels
   */
  static void requireChannels(int channels, ImageShape shape, Object batch) {
    if (shape.channels() != channels) {
      throw new EngineException(
          "The refiner takes images of " + channels + " channels, not " + batch);
    }
  }

  /** Frees its native memory. */
  @Override
  void close();
}
