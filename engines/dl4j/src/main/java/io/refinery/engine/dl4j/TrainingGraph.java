package io.refinery.engine.dl4j;

import io.refinery.image.ImageBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A graph with its losses; it may share its parameters with other graphs. */
final class TrainingGraph implements AutoCloseable {

  private final ComputationGraph graph;
  private final ActivationListener activations;

  /**
   * @param parameters of all layers, in layer order; not copied
   * @param captured layers whose outputs {@link #backpropagate} returns
   */
  TrainingGraph(GraphBuilder builder, INDArray parameters, String... captured) {
    graph = new ComputationGraph(builder.build());
    graph.init(parameters, false);
    graph.initGradientsView();
    activations = new ActivationListener(List.of(captured));
    graph.setListeners(activations);
  }

  ComputationGraph graph() {
    return graph;
  }

  /**
   * Runs one forward and one backward pass; leaves the gradient of the losses' sum in {@link
   * #gradient()}.
   *
   * @param labels of the graph's outputs, in their order
   * @return outputs of the captured layers, row-major
   */
  Map<String, double[]> backpropagate(INDArray images, INDArray... labels) {
    graph.setInputs(images);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    return activations.outputs;
  }

  /** Returns the gradient as a row in the order of the parameters; each pass overwrites it. */
  INDArray gradient() {
    return graph.getGradientsViewArray();
  }

  /** Returns the graph's output for {@code images}, row-major. */
  float[] output(ImageBatch images) {
    try (INDArray input = Nd4jArrays.of(images, graph.params().dataType());
        INDArray output = graph.outputSingle(false, input)) {
      return Nd4jArrays.floats(output);
    }
  }

  @Override
  public void close() {
    gradient().close();
  }

  private static final class ActivationListener extends BaseTrainingListener {

    private final List<String> layers;
    private final Map<String, double[]> outputs = new HashMap<>();

    ActivationListener(List<String> layers) {
      this.layers = layers;
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> layerOutputs) {
      for (String layer : layers) {
        outputs.put(layer, Nd4jArrays.doubles(layerOutputs.get(layer)));
      }
    }
  }
}
