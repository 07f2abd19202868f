package io.refinery.network;

import io.refinery.network.OnnxGraph.Element;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A refiner as an ONNX file, which runtimes can run without knowing the network: opset 17, input
 * {@link #INPUT} and output {@link #OUTPUT} of batch x channels x height x width 32-bit floats in
 * [-1, 1], where only the channels are fixed. Its weights have the same names as in safetensors.
 */
public final class OnnxRefiner {

  public static final String INPUT = "synthetic";
  public static final String OUTPUT = "refined";

  private static final String LOWEST = "lowest";
  private static final float LOWEST_HALF = -65504;

  /** The numbers in which a network computes between its input and its last tanh. */
  private enum Numbers {
    FLOATS,
    HALVES,
    FLOATS_ROUNDED_TO_HALVES
  }

  private final OnnxGraph graph;
  private final RefinerNetwork network;
  private final Numbers numbers;

  private OnnxRefiner(OnnxGraph graph, RefinerNetwork network, Numbers numbers) {
    this.graph = graph;
    this.network = network;
    this.numbers = numbers;
  }

  /**
   * Writes the network with its weights, replacing any existing file.
   *
   * @throws IllegalArgumentException when the weights do not match the network
   */
  public static void write(RefinerNetwork network, Weights weights, Path file) throws IOException {
    Files.write(file, model(network, weights, Numbers.FLOATS));
  }

  /**
   * Writes the network in half precision: its weights are rounded to 16-bit floats, and everything
   * between the input and the last tanh is computed in 16-bit floats.
   *
   * @throws IllegalArgumentException when the weights do not match the network
   */
  public static void writeHalf(RefinerNetwork network, Weights weights, Path file)
      throws IOException {
    Files.write(file, model(network, weights, Numbers.HALVES));
  }

  /**
   * Writes the network so that a CPU shows the effect of half precision. CPUs compute half
   * precision in floats without rounding, so this network rounds each float to a half where half
   * precision would store it.
   *
   * @throws IllegalArgumentException when the weights do not match the network
   */
  public static void writeRounded(RefinerNetwork network, Weights weights, Path file)
      throws IOException {
    Files.write(file, model(network, weights, Numbers.FLOATS_ROUNDED_TO_HALVES));
  }

  /** Returns the bytes that {@link #write} writes. */
  public static byte[] bytes(RefinerNetwork network, Weights weights) {
    try {
      return model(network, weights, Numbers.FLOATS);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write bytes to memory: " + e, e);
    }
  }

  private static byte[] model(RefinerNetwork network, Weights weights, Numbers numbers)
      throws IOException {
    weights.requireShapes(network.parameters());
    OnnxGraph graph = new OnnxGraph("refiner");
    new OnnxRefiner(graph, network, numbers).build(weights);
    return graph.toModel();
  }

  private void build(Weights weights) throws IOException {
    graph.input(INPUT, network.channels());
    if (numbers == Numbers.FLOATS_ROUNDED_TO_HALVES) {
      Tensor lowest = new Tensor(List.of(), new float[] {LOWEST_HALF});
      graph.constant(LOWEST, lowest, Element.HALF);
    }
    for (Map.Entry<String, Tensor> named : weights.tensors().entrySet()) {
      constant(named.getKey(), named.getValue());
    }
    String features = relu(convolution(begin(INPUT), "conv_in"));
    for (int number = 0; number < network.blocks(); number++) {
      features = block("blocks." + number, features);
    }
    graph.convolution(features, "conv_out", 1, "conv_out");
    // A half-precision tanh would round again, near 1 in steps of an eighth of a level.
    graph.operation("Tanh", List.of(end("conv_out")), OUTPUT);
    graph.output(OUTPUT, network.channels());
  }

  private String block(String name, String input) throws IOException {
    String inner = relu(convolution(input, name + ".conv1"));
    String outer = convolution(inner, name + ".conv2");
    graph.operation("Add", List.of(outer, input), name + ".sum");
    graph.operation("Relu", List.of(stored(name + ".sum")), name + ".relu");
    return name + ".relu";
  }

  private String convolution(String input, String name) throws IOException {
    graph.convolution(input, name, network.filterSize(), name);
    return stored(name);
  }

  private String relu(String value) throws IOException {
    graph.operation("Relu", List.of(value), value + ".relu");
    return value + ".relu";
  }

  private void constant(String name, Tensor tensor) throws IOException {
    switch (numbers) {
      case FLOATS -> graph.constant(name, tensor, Element.FLOAT);
      case HALVES -> graph.constant(name, tensor, Element.HALF);
      case FLOATS_ROUNDED_TO_HALVES -> {
        graph.constant(name + ".half", tensor, Element.HALF);
        graph.cast(name + ".half", Element.FLOAT, name);
      }
    }
  }

  private String begin(String input) throws IOException {
    return numbers == Numbers.HALVES ? cast(input, Element.HALF) : stored(input);
  }

  private String end(String value) throws IOException {
    return numbers == Numbers.HALVES ? cast(value, Element.FLOAT) : stored(value);
  }

  private String cast(String value, Element to) throws IOException {
    String converted = value + "." + to.name().toLowerCase(Locale.ROOT);
    graph.cast(value, to, converted);
    return converted;
  }

  /** Returns the value as it is read back from memory. */
  private String stored(String value) throws IOException {
    if (numbers != Numbers.FLOATS_ROUNDED_TO_HALVES) {
      return value;
    }
    // On a CPU, the runtime removes a cast followed by its inverse, but not if a node is between.
    String half = cast(value, Element.HALF);
    graph.operation("Max", List.of(half, LOWEST), half + ".kept");
    return cast(half + ".kept", Element.FLOAT);
  }
}
