package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.network.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A refiner R and a discriminator D with their optimisers, as trained by Algorithm 1 of arXiv
 * 1612.07828. An engine supplies networks, gradients and steps; the trainer implements the
 * algorithm. Not thread-safe.
 *
 * <p>On a GPU an update may still be running when its method returns. The loss it returns is the
 * one before the update; reading it waits for the device. Consecutive updates therefore do not wait
 * for each other's losses. A loss can be read until the pair is closed.
 *
 * <p>All images have the shape of the {@link PairSpec}, and b is its {@link PairSpec#batch()};
 * anything else is refused with an {@link IllegalArgumentException}.
 */
public interface AdversarialPair extends AutoCloseable {

  /**
   * Updates R once on the self-regularisation term alone, weighted by lambda as in the total loss
   * (the paper's pre-training of R). D is unchanged.
   *
   * @param synthetic exactly b images
   * @return the unweighted term, reduced as {@link Losses#selfRegularisation()} says
   */
  DoubleSupplier pretrainRefiner(ImageBatch synthetic);

  /**
   * Updates R once on its total loss. D is unchanged.
   *
   * @param synthetic exactly b images
   */
  Supplier<RefinerLoss> updateRefiner(ImageBatch synthetic);

  /**
   * Updates D once on b real and b refined images: R(synthetic), followed by images from the
   * memory. Then writes the first of R(synthetic) to the memory. R is unchanged.
   *
   * @param real exactly b images
   * @param synthetic at most b images
   * @param recalled places of the memory to read, b minus the number of {@code synthetic}
   * @param remembered places of the memory to write, at most as many as {@code synthetic}; written
   *     after {@code recalled} is read
   */
  Supplier<DiscriminatorLoss> updateDiscriminator(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered);

  /** Returns the memory that D's updates read and write; it is not part of the state. */
  ImageMemory memory();

  /**
   * Sets both learning rates, from the next update on, to those of the {@link PairSpec} times
   * {@code factor}. The factor is not part of the state: set it again after loading one.
   *
   * @param factor above 0; initially 1
   */
  void scaleLearningRates(double factor);

  /** Returns R(x) with the current R, for any number of images. */
  ImageBatch refine(ImageBatch synthetic);

  /**
   * Returns D's probability that each patch is refined, for any number of images: images x rows x
   * columns of the patch map, row-major; one value per image if the scope is {@link
   * Losses.Scope#GLOBAL}.
   */
  float[] discriminate(ImageBatch images);

  /** Returns a copy of R's parameters, named as in {@code RefinerNetwork.parameters()}. */
  Weights refinerWeights();

  /** Returns a copy of D's parameters, named as in {@code DiscriminatorNetwork.parameters()}. */
  Weights discriminatorWeights();

  /** Replaces R's parameters; the optimiser's state is kept. */
  void setRefinerWeights(Weights weights);

  /** Replaces D's parameters; the optimiser's state is kept. */
  void setDiscriminatorWeights(Weights weights);

  /**
   * Writes parameters, optimiser state and update counts: everything that the next updates depend
   * on, except their images, the memory and the factor of the learning rates. The format is
   * specific to the engine. Does not close {@code out}.
   */
  void saveState(OutputStream out) throws IOException;

  /**
   * Restores what {@link #saveState} wrote, from a pair with the same engine, networks and
   * optimisers.
   *
   * @throws IOException when the state belongs to another pair or is truncated; the pair is then
   *     unchanged
   */
  void loadState(InputStream in) throws IOException;

  /** Frees native memory. */
  @Override
  void close();

  /**
   * The refiner's loss, its terms reduced as {@link Losses} says.
   *
   * @param selfRegularisation before weighting by lambda
   */
  record RefinerLoss(double adversarial, double selfRegularisation, double lambda) {
    public double total() {
      return adversarial + lambda * selfRegularisation;
    }
  }

  /**
   * The discriminator's loss; {@code total} is reduced over both halves, {@code real} and {@code
   * refined} over one half each. Under SUM, {@code total = real + refined}; under MEAN it is half
   * of that.
   */
  record DiscriminatorLoss(double total, double real, double refined) {}
}
