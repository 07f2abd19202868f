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

/** A graph with its losses, on parameters that it may share with other graphs. */
final class TrainingGraph implements AutoCloseable {

  private final ComputationGraph graph;
  private final Tap tap;

  /**
   * @param parameters of all its layers, in their order; not copied
   * @param tapped layers whose outputs {@link #backpropagate} returns
   */
  TrainingGraph(GraphBuilder builder, INDArray parameters, String... tapped) {
    graph = new ComputationGraph(builder.build());
    graph.init(parameters, false);
    graph.initGradientsView();
    tap = new Tap(List.of(tapped));
    graph.setListeners(tap);
  }

  ComputationGraph graph() {
    return graph;
  }

  /**
   * One pass forward and back; leaves the gradient of the losses' sum in {@link #gradient()}.
   *
   * @param labels of its outputs, in their order
   * @return what the tapped layers put out, row-major
   */
  Map<String, double[]> backpropagate(INDArray images, INDArray... labels) {
    graph.setInputs(images);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    return tap.outputs;
  }

  /** A row in the order of the parameters; overwritten by each pass. */
  INDArray gradient() {
    return graph.getGradientsViewArray();
  }

  /** Its output for {@code images}, row-major. */
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

  private static final class Tap extends BaseTrainingListener {

    private final List<String> layers;
    private final Map<String, double[]> outputs = new HashMap<>();

    Tap(List<String> layers) {
      this.layers = layers;
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
      for (String layer : layers) {
        outputs.put(layer, Nd4jArrays.doubles(activations.get(layer)));
      }
    }
  }
}
