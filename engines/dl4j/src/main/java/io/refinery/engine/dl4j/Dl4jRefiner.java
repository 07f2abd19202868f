package io.refinery.engine.dl4j;

import io.refinery.engine.EngineException;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A refiner of images of any height and width: its layers ask for neither. */
final class Dl4jRefiner implements Refiner {

  private final int channels;
  private final ComputationGraph graph;
  private final INDArray parameters;

  /**
   * @param usual shape of images; others fit too
   * @throws IllegalArgumentException when {@code weights} are not those of {@code network}
   */
  Dl4jRefiner(RefinerNetwork network, Weights weights, ImageShape usual) {
    channels = network.channels();
    GraphBuilder builder = NetworkLayers.graph(usual, DataType.FLOAT);
    NetworkLayers.addRefiner(builder, network);
    builder.setOutputs(NetworkLayers.REFINED);
    graph = new ComputationGraph(builder.build());
    parameters = Nd4j.zeros(DataType.FLOAT, 1, weights.requireShapes(network.parameters()).count());
    graph.init(parameters, false);
    new NetworkParameters(graph, NetworkLayers.REFINER, network.parameters()).write(weights);
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    if (parameters.wasClosed()) {
      throw new IllegalStateException("The refiner is closed"); // ND4J would read freed memory.
    }
    if (synthetic.shape().channels() != channels) {
      throw new EngineException(
          "The refiner takes images of " + channels + " channels, not " + synthetic);
    }
    if (synthetic.count() == 0) {
      return synthetic;
    }
    try (INDArray input = Arrays.of(synthetic, DataType.FLOAT);
        INDArray output = graph.outputSingle(false, input)) {
      return new ImageBatch(synthetic.count(), synthetic.shape(), Arrays.floats(output));
    }
  }

  ComputationGraph graph() {
    return graph;
  }

  @Override
  public void close() {
    parameters.close(); // graph.params().close() has no effect.
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
