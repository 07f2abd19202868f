package io.refinery.engine.dl4j;

import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads and writes the parameters of one network in a graph, under their engine-independent names.
 * Deeplearning4j, too, stores convolution weights as output maps x input maps x rows x columns.
 *
 * @param prefix of the network's layers in the graph
 * @param shapes names and shapes, in order
 */
record Dl4jNetworkParameters(
    ComputationGraph graph, String prefix, Map<String, List<Integer>> shapes) {

  /** Returns a copy. */
  Weights read() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> tensors.put(name, new Tensor(shape, Nd4jArrays.floats(array(name)))));
    return new Weights(tensors);
  }

  /**
   * @throws IllegalArgumentException if {@code weights} do not match this network
   */
  void write(Weights weights) {
    weights
        .requireShapes(shapes)
        .tensors()
        .forEach(
            (name, tensor) -> {
              INDArray array = array(name);
              try (INDArray values = Nd4j.createFromArray(tensor.values())) {
                array.assign(values.reshape(array.shape()));
              }
            });
  }

  private INDArray array(String name) {
    int dot = name.lastIndexOf('.');
    String parameter =
        name.endsWith(".bias")
            ? ConvolutionParamInitializer.BIAS_KEY
            : ConvolutionParamInitializer.WEIGHT_KEY;
    return graph.getLayer(prefix + name.substring(0, dot)).getParam(parameter);
  }
}
