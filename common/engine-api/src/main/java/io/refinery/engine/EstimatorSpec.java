package io.refinery.engine;

import io.refinery.image.ImageShape;
import java.util.List;
import java.util.Map;

/**
 * A plain feed-forward network and how it is trained: what a training is judged with, never what is
 * served.
 *
 * @param shape of every image
 * @param hidden layers between the image and the outputs, in order, at least one; convolutions and
 *     dense layers have a bias and end in ReLU
 * @param outputs values an image, from a last dense layer without activation
 * @param loss what an update lowers
 * @param batch most images of an update, at least 1
 * @param seed of the weights' first values
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

  /** The mean of every map: a vector as long as there are maps. */
  public record MeanPooling() implements Layer {}

  /** Every input to every unit. */
  public record Dense(int units) implements Layer {}

  /** What lies around an image for a convolution. */
  public enum Padding {
    /** Zeros, so that the output is as large as the input. */
    SAME,
    /** Nothing: the output is smaller by the filter's size less 1. */
    VALID
  }

  /** What an update lowers: the mean over its images. */
  public enum Loss {
    /** Of the squared Euclidean distance between outputs and targets. */
    SQUARED_DISTANCE,
    /** Of the cross-entropy of the outputs' softmax against targets that add up to 1. */
    CROSS_ENTROPY
  }

  public EstimatorSpec {
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty() || outputs < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "An estimator has a hidden layer, an output and a batch of at least 1: "
              + hidden
              + ", "
              + outputs
              + ", "
              + batch);
    }
  }

  /**
   * Its parameters' names and shapes, in the order of the layers: {@code hidden3.weight} and {@code
   * hidden3.bias} for the third hidden layer, {@code out} for the last. A convolution's weights are
   * output maps x input maps x rows x columns, a dense layer's units x inputs.
   *
   * @throws IllegalArgumentException naming a layer that does not fit what comes before it
   */
  public Map<String, List<Integer>> parameters() {
    return EstimatorParameters.of(this);
  }
}
