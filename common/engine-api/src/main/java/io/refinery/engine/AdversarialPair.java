package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.network.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A refiner R and a discriminator D with their optimisers: what Algorithm 1 of arXiv 1612.07828
 * moves. An engine supplies networks, gradients and steps; the algorithm itself is the trainer's.
 * One thread at a time uses it.
 *
 * <p>On a GPU an update may still run when its method returns; the loss that it hands out is the
 * one before the update, and reading it waits for the device. So updates that follow each other do
 * not wait for each other's losses. A loss can be read until the pair is closed.
 *
 * <p>All images are of the shape of the {@link PairSpec}, and b is its {@link PairSpec#batch()};
 * others are refused with an {@link IllegalArgumentException}.
 */
public interface AdversarialPair extends AutoCloseable {

  /**
   * One update of R on the self-regularisation term alone, weighted by lambda as in the whole loss
   * (the paper's pre-training of R). D does not move.
   *
   * @param synthetic exactly b images
   * @return the term, reduced as {@link Losses#selfRegularisation()} says, not weighted
   */
  DoubleSupplier pretrainRefiner(ImageBatch synthetic);

  /**
   * One update of R on its whole loss. D does not move.
   *
   * @param synthetic exactly b images
   */
  Supplier<RefinerLoss> updateRefiner(ImageBatch synthetic);

  /**
   * One update of D on real images and as many refined ones: R(synthetic), and after them images
   * from the memory. Then the first of R(synthetic) go into the memory. R does not move.
   *
   * @param real exactly b images
   * @param synthetic at most b images
   * @param recalled places of the memory, as many as {@code synthetic} has less than b
   * @param remembered places of the memory for as many images, at most those of {@code synthetic};
   *     they are written after {@code recalled} is read
   */
  Supplier<DiscriminatorLoss> updateDiscriminator(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered);

  /** The images that D's updates recall and remember; no part of the state. */
  ImageMemory memory();

  /**
   * From the next update on, both learning rates are those of the {@link PairSpec} times {@code
   * factor}, which is no part of the state: whoever loads one sets it again.
   *
   * @param factor above 0; 1 at the start
   */
  void scaleLearningRates(double factor);

  /** R(x) by the current R, for any number of images. */
  ImageBatch refine(ImageBatch synthetic);

  /**
   * D's probability that each patch is refined, for any number of images: images x rows x columns
   * of the patch map, row-major; one value an image where the scope is {@link Losses.Scope#GLOBAL}.
   */
  float[] discriminate(ImageBatch images);

  /** A copy of R's parameters, named as {@code RefinerNetwork.parameters()} has them. */
  Weights refinerWeights();

  /** A copy of D's parameters, named as {@code DiscriminatorNetwork.parameters()} has them. */
  Weights discriminatorWeights();

  /** Replaces R's parameters; the optimiser's state stays. */
  void setRefinerWeights(Weights weights);

  /** Replaces D's parameters; the optimiser's state stays. */
  void setDiscriminatorWeights(Weights weights);

  /**
   * Writes parameters, optimiser state and update counts: all that the next updates depend on
   * beside the memory, the factor of the learning rates and their images. The form is the engine's
   * own; {@code out} stays open.
   */
  void saveState(OutputStream out) throws IOException;

  /**
   * Takes back what {@link #saveState} wrote, from a pair of the same engine, networks and
   * optimisers.
   *
   * @throws IOException where it is the state of another pair or ends too early, which changes
   *     nothing
   */
  void loadState(InputStream in) throws IOException;

  /** Frees its native memory. */
  @Override
  void close();

  /**
   * The refiner's loss, its terms reduced as {@link Losses} says.
   *
   * @param selfRegularisation before it is weighted by lambda
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
