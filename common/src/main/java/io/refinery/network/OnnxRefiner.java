package io.refinery.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A refiner as an ONNX file, which runtimes run without knowing the network: opset 17, 32-bit
 * floats, input {@link #INPUT} and output {@link #OUTPUT} of batch x channels x height x width in
 * [-1, 1], with only the channels fixed. The weights in it are named as in safetensors.
 */
public final class OnnxRefiner {

  public static final String INPUT = "synthetic";
  public static final String OUTPUT = "refined";

  private OnnxRefiner() {}

  /**
   * Writes the network with its weights; a file that is there is replaced.
   *
   * @throws IllegalArgumentException where the weights are not those of the network
   */
  public static void write(RefinerNetwork network, Weights weights, Path file) throws IOException {
    weights.requireShapes(network.parameters());
    OnnxGraph graph = new OnnxGraph("refiner");
    graph.input(INPUT, network.channels());
    for (Map.Entry<String, Tensor> named : weights.tensors().entrySet()) {
      graph.constant(named.getKey(), named.getValue());
    }
    int side = network.filterSize();
    graph.convolution(INPUT, "conv_in", side, "conv_in");
    String features = "conv_in.relu";
    graph.operation("Relu", List.of("conv_in"), features);
    for (int number = 0; number < network.blocks(); number++) {
      features = block(graph, "blocks." + number, side, features);
    }
    graph.convolution(features, "conv_out", 1, "conv_out");
    graph.operation("Tanh", List.of("conv_out"), OUTPUT);
    graph.output(OUTPUT, network.channels());
    Files.write(file, graph.toModel());
  }

  private static String block(OnnxGraph graph, String name, int side, String input)
      throws IOException {
    graph.convolution(input, name + ".conv1", side, name + ".conv1");
    graph.operation("Relu", List.of(name + ".conv1"), name + ".conv1.relu");
    graph.convolution(name + ".conv1.relu", name + ".conv2", side, name + ".conv2");
    graph.operation("Add", List.of(name + ".conv2", input), name + ".sum");
    graph.operation("Relu", List.of(name + ".sum"), name + ".relu");
    return name + ".relu";
  }
}
