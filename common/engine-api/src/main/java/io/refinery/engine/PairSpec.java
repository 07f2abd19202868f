package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;

/**
 * What an engine needs to build the pair of networks that Algorithm 1 trains.
 *
 * @param shape of every image
 * @param batch images in a mini-batch: b of Algorithm 1, at least 2
 * @param memory images that {@link AdversarialPair#memory()} has places for, 0 or more
 * @param gradientClip largest L2 norm of one network's whole gradient; a larger one is scaled down
 *     to it before the optimiser sees it. 0 for no limit
 * @param seed of the weights' first values
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
      throw new IllegalArgumentException("A mini-batch has at least 2 images, not " + batch);
    }
    if (memory < 0) {
      throw new IllegalArgumentException("memory is 0 or more images, not " + memory);
    }
    if (!(gradientClip >= 0)) {
      throw new IllegalArgumentException("gradientClip is 0 or more, not " + gradientClip);
    }
    if (refiner.channels() != shape.channels() || discriminator.channels() != shape.channels()) {
      throw new IllegalArgumentException(
          "Both networks take images of " + shape.channels() + " channels, as the data have");
    }
  }

  /**
   * @throws IllegalArgumentException unless {@code images} make a mini-batch
   */
  public void requireBatch(ImageBatch images) {
    if (images.count() != batch || !images.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "A mini-batch is " + batch + " images of " + shape + ", not " + images);
    }
  }

  /**
   * @throws IllegalArgumentException unless {@code images} are of the pair's shape
   */
  public void requireShape(ImageBatch images) {
    if (!images.shape().equals(shape)) {
      throw new IllegalArgumentException("Images are of " + shape + ", not " + images);
    }
  }
}
