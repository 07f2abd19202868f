package io.refinery.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The discriminator D as data: layers that end in a map of patches, then a 1x1 convolution to two
 * logits per patch, without activation; class 0 is real, class 1 is refined (arXiv 1612.07828,
 * section 2.2 and supplement). SAME padding; uneven padding puts the extra row at the bottom and
 * the extra column on the right.
 *
 * @param channels channels of the input, 1 or 3
 * @param layers the layers before the last 1x1 convolution, in order
 */
public record DiscriminatorNetwork(int channels, List<Layer> layers) {

  /** A layer with SAME padding: its output has ceil(input / stride) rows and columns. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = MaxPooling.class, name = "max-pooling")
  })
  public sealed interface Layer {
    /** Returns the side of the square window. */
    int size();

    int stride();
  }

  /** Convolution with bias, then ReLU. */
  public record Convolution(int size, int stride, int filters) implements Layer {}

  public record MaxPooling(int size, int stride) implements Layer {}

  /** Number of classes of a patch: real and refined. */
  public static final int CLASSES = 2;

  public DiscriminatorNetwork {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "A discriminator must have 1 or 3 channels, not " + channels);
    }
    layers = List.copyOf(layers);
    if (layers.stream().noneMatch(Convolution.class::isInstance)) {
      throw new IllegalArgumentException("A discriminator must have at least one convolution");
    }
  }

  /** Returns the paper's discriminator for 55x35 eyes: 9x14 patches, 75,906 parameters. */
  public static DiscriminatorNetwork eyes() {
    return new DiscriminatorNetwork(
        1,
        List.of(
            new Convolution(3, 2, 96),
            new Convolution(3, 2, 64),
            new MaxPooling(3, 1),
            new Convolution(3, 1, 32),
            new Convolution(1, 1, 32)));
  }

  /**
   * Returns the paper's discriminator for 224x224 depth images of hands: 7x7 patches, with larger
   * strides than that for eyes.
   */
  public static DiscriminatorNetwork hands() {
    return new DiscriminatorNetwork(
        1,
        List.of(
            new Convolution(7, 4, 96),
            new Convolution(5, 2, 64),
            new MaxPooling(3, 2),
            new Convolution(3, 2, 32),
            new Convolution(1, 1, 32)));
  }

  /** Returns the size of the patch map for an input of {@code height} x {@code width} pixels. */
  public PatchMap patches(int height, int width) {
    for (Layer layer : layers) {
      height = -Math.floorDiv(-height, layer.stride());
      width = -Math.floorDiv(-width, layer.stride());
    }
    return new PatchMap(height, width);
  }

  /** The size of the map of patches; D gives each patch its own probability. */
  public record PatchMap(int height, int width) {
    public int count() {
      return height * width;
    }
  }

  /**
   * Returns the parameters' names and shapes, in the order of the layers and named as in PyTorch:
   * {@code conv1.weight}, {@code conv1.bias}, ... for the convolutions counted from 1, then {@code
   * conv_out}. Weights are output maps x input maps x rows x columns.
   */
  public Map<String, List<Integer>> parameters() {
    Map<String, List<Integer>> parameters = new LinkedHashMap<>();
    int inputs = channels;
    int number = 1;
    for (Layer layer : layers) {
      if (layer instanceof Convolution convolution) {
        Parameters.convolution(
            parameters, "conv" + number++, convolution.filters(), inputs, convolution.size());
        inputs = convolution.filters();
      }
    }
    Parameters.convolution(parameters, "conv_out", CLASSES, inputs, 1);
    return parameters;
  }
}
