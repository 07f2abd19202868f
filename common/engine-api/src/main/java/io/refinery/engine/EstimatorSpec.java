package io.refinery.engine;

import io.refinery.image.ImageShape;
import java.util.List;
import java.util.Map;

/**
 * A plain feed-forward network and how it is trained. It is used to evaluate a training, never
 * served.
 *
 * @param shape shape of every image
 * @param hidden layers between the image and the outputs, in order, at least one; convolutions and
 *     dense layers have a bias and end in ReLU
 * @param outputs values per image, from a last dense layer without activation
 * @param loss the loss that an update minimises
 * @param batch maximum number of images per update, at least 1
 * @param seed seed of the initial weights
 */
public record EstimatorSpec(
    ImageShape shape,
    List<Layer> hidden,
    int outputs,
    Loss loss,
    Optimizer optimizer,
    int batch,
    long seed) {

  /** A hidden layer. */
  public sealed interface Layer {}

  /** Square filters, stride 1. */
  public record Convolution(int size, int filters, Padding padding) implements Layer {}

  /** Square windows; its output has floor((input - size) / stride) + 1 rows and columns. */
  public record MaxPooling(int size, int stride) implements Layer {}

  /** The mean of every map: a vector with one value per map. */
  public record MeanPooling() implements Layer {}

  /** A fully connected layer. */
  public record Dense(int units) implements Layer {}

  /** The padding of a convolution. */
  public enum Padding {
    /** Zeros, so that the output has the size of the input. */
    SAME,
    /** None: the output is smaller by the filter's size minus 1. */
    VALID
  }

  /** The loss that an update minimises, as the mean over its images. */
  public enum Loss {
    /** The squared Euclidean distance between outputs and targets. */
    SQUARED_DISTANCE,
    /** The cross-entropy of the outputs' softmax against targets that sum to 1. */
    CROSS_ENTROPY
  }

  public EstimatorSpec {
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty() || outputs < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "An estimator needs at least 1 hidden layer, output and image per batch, not "
              + hidden
              + ", "
              + outputs
              + ", "
              + batch);
    }
  }

  /**
   * Returns the parameters' names and shapes, in the order of the layers: {@code hidden3.weight}
   * and {@code hidden3.bias} for the third hidden layer, {@code out} for the last. A convolution's
   * weights are output maps x input maps x rows x columns, a dense layer's units x inputs.
   *
   * @throws IllegalArgumentException naming a layer that does not fit the one before it
   */
  public Map<String, List<Integer>> parameters() {
    return EstimatorParameters.of(this);
  }
}
