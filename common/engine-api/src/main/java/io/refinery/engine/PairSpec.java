package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;

/**
 * What an engine needs to build the pair of networks that Algorithm 1 trains.
 *
 * @param shape shape of every image
 * @param batch images in a mini-batch: b of Algorithm 1, at least 2
 * @param memory number of places in {@link AdversarialPair#memory()}, 0 or more
 * @param gradientClip maximum L2 norm of a network's gradient; a larger gradient is scaled down to
 *     it before the optimiser step. 0 for no limit
 * @param seed seed of the initial weights
 */
public record PairSpec(
    RefinerNetwork refiner,
    DiscriminatorNetwork discriminator,
    ImageShape shape,
    int batch,
    int memory,
    Losses losses,
    Optimizer refinerOptimizer,
    Optimizer discriminatorOptimizer,
    double gradientClip,
    long seed) {

  public PairSpec {
    if (batch < 2) {
      throw new IllegalArgumentException("A mini-batch must have at least 2 images, not " + batch);
    }
    if (memory < 0) {
      throw new IllegalArgumentException("memory must be 0 or more images, not " + memory);
    }
    if (!(gradientClip >= 0)) {
      throw new IllegalArgumentException("gradientClip must be 0 or more, not " + gradientClip);
    }
    if (refiner.channels() != shape.channels() || discriminator.channels() != shape.channels()) {
      throw new IllegalArgumentException(
          "Both networks must take " + shape.channels() + " channels, like the images");
    }
  }

  /**
   * Checks a mini-batch.
   *
   * @throws IllegalArgumentException unless {@code images} are a mini-batch
   */
  public void requireBatch(ImageBatch images) {
    if (images.count() != batch || !images.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "A mini-batch must be " + batch + " images of " + shape + ", not " + images);
    }
  }

  /**
   * Checks the shape of images.
   *
   * @throws IllegalArgumentException unless {@code images} have the pair's shape
   */
  public void requireShape(ImageBatch images) {
    if (!images.shape().equals(shape)) {
      throw new IllegalArgumentException("Images must be " + shape + ", not " + images);
    }
  }
}
