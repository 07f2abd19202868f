package io.refinery.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The refiner R as data: a convolution with ReLU, {@code blocks} ResNet blocks, and a 1x1
 * convolution with tanh; stride 1, SAME padding, no pooling, so any height and width work (arXiv
 * 1612.07828, section 3 and supplement).
 *
 * <p>A block is: convolution, ReLU, convolution, add the block's input, ReLU.
 *
 * @param channels channels of the input and output, 1 or 3
 * @param filterSize side of all square filters except the last, odd
 * @param filters feature maps of every layer except the last
 * @param blocks number of ResNet blocks, 0 to 1,000
 */
public record RefinerNetwork(int channels, int filterSize, int filters, int blocks) {

  /** More do not fit into the header of a file of weights. */
  private static final int MOST_BLOCKS = 1000;

  public RefinerNetwork {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("A refiner must have 1 or 3 channels, not " + channels);
    }
    if (filterSize < 1 || filterSize % 2 == 0) {
      throw new IllegalArgumentException(
          "A refiner's filters must have an odd side, not " + filterSize);
    }
    if (filters < 1 || blocks < 0) {
      throw new IllegalArgumentException(
          "A refiner must have at least 1 filter and 0 blocks, not " + filters + " and " + blocks);
    }
    if (blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "A refiner must have at most " + MOST_BLOCKS + " blocks, not " + blocks);
    }
  }

  /**
   * Returns the paper's refiner for 55x35 gray eyes: 3x3 filters, 64 maps, 4 blocks; 296,129
   * parameters.
   */
  public static RefinerNetwork eyes() {
    return new RefinerNetwork(1, 3, 64, 4);
  }

  /**
   * Returns the paper's refiner for 224x224 depth images of hands: 7x7 filters, 64 maps, 10 blocks.
   */
  public static RefinerNetwork hands() {
    return new RefinerNetwork(1, 7, 64, 10);
  }

  /**
   * Returns the parameters' names and shapes, in the order of the layers and named as in PyTorch:
   * {@code conv_in.weight}, {@code conv_in.bias}, {@code blocks.0.conv1.weight}, ... {@code
   * conv_out.bias}. Weights are output maps x input maps x rows x columns.
   */
  public Map<String, List<Integer>> parameters() {
    Map<String, List<Integer>> parameters = new LinkedHashMap<>();
    Parameters.convolution(parameters, "conv_in", filters, channels, filterSize);
    for (int block = 0; block < blocks; block++) {
      Parameters.convolution(
          parameters, "blocks." + block + ".conv1", filters, filters, filterSize);
      Parameters.convolution(
          parameters, "blocks." + block + ".conv2", filters, filters, filterSize);
    }
    Parameters.convolution(parameters, "conv_out", channels, filters, 1);
    return parameters;
  }
}
