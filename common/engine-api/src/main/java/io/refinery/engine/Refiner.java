package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;

/** A refiner that is ready to run. Not thread-safe. */
public interface Refiner extends AutoCloseable {

  /** Default batch size: 32 images. */
  int USUAL_BATCH = 32;

  /**
   * Refines a batch of any size, height and width.
   *
   * @return the refined images, of the same number and shape, in [-1, 1], in a new array
   * @throws DeviceMemoryException when the device is out of memory for this batch
   * @throws DeviceFailedException when the device fails and this process cannot use it again
   * @throws EngineException when it fails for another reason
   */
  ImageBatch refine(ImageBatch synthetic);

  /**
   * Refines 8-bit images to 8-bit images. An engine may copy only a quarter of the bytes to its
   * device and scale them there.
   *
   * @return the levels of the images that {@link #refine(ImageBatch)} would return
   * @throws IllegalArgumentException when a refined pixel is NaN, which no level can represent
   */
  default LevelBatch refine(LevelBatch synthetic) {
    return LevelBatch.of(refine(synthetic.toImages()));
  }

  /** Returns the batch size that refines images of {@code shape} fastest, as far as is known. */
  default int batch(ImageShape shape) {
    return USUAL_BATCH;
  }

  /**
   * Checks the number of channels of images.
   *
   * @param channels number of channels that the network takes
   * @param batch the images of {@code shape}, for the message
   * @throws EngineException when the number of channels differs
   */
  static void requireChannels(int channels, ImageShape shape, Object batch) {
    if (shape.channels() != channels) {
      throw new EngineException(
          "The refiner takes images with " + channels + " channels, not " + batch);
    }
  }

  /** Frees native memory. */
  @Override
  void close();
}
