package io.refinery.engine.dl4j;

import io.refinery.engine.Autotuner;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A refiner that computes with Deeplearning4j, for images of any height and width. It runs a batch
 * in micro-batches, so that memory for feature maps does not grow with the batch.
 */
final class Dl4jRefiner implements Refiner {

  private static final Logger log = LoggerFactory.getLogger(Dl4jRefiner.class);

  private static final List<MicroBatchSize> MICRO_BATCH_SIZES =
      List.of(new MicroBatchSize(8), new MicroBatchSize(32));

  private static final int ROUNDS = 2;

  /** Sizes are measured once per network and process. */
  private static final Map<RefinerNetwork, MicroBatchSize> MEASURED = new ConcurrentHashMap<>();

  private final int channels;
  private final ComputationGraph graph;
  private final INDArray parameters;
  private final MicroBatchSize microBatch;

  /**
   * @param typical shape of the images; other shapes work too
   * @param configured the micro-batch size; if empty, the fastest one in a trial
   * @throws IllegalArgumentException if {@code weights} do not match {@code network}
   */
  Dl4jRefiner(
      RefinerNetwork network,
      Weights weights,
      ImageShape typical,
      Optional<MicroBatchSize> configured) {
    channels = network.channels();
    GraphBuilder builder = NetworkLayers.graph(typical, DataType.FLOAT);
    NetworkLayers.addRefiner(builder, network);
    builder.setOutputs(NetworkLayers.REFINED);
    graph = new ComputationGraph(builder.build());
    parameters = Nd4j.zeros(DataType.FLOAT, 1, weights.requireShapes(network.parameters()).count());
    graph.init(parameters, false);
    new Dl4jNetworkParameters(graph, NetworkLayers.REFINER, network.parameters()).write(weights);
    microBatch = configured.orElseGet(() -> MEASURED.computeIfAbsent(network, this::measure));
  }

  private MicroBatchSize measure(RefinerNetwork network) {
    ImageShape eye = MicroBatchSize.eye(network.channels());
    int count = MICRO_BATCH_SIZES.stream().mapToInt(MicroBatchSize::eyes).max().orElseThrow();
    float[] refined = new float[count * eye.values()];
    ImageBatch gray = new ImageBatch(count, eye, new float[refined.length]);
    MicroBatchSize fastest =
        Autotuner.fastest(MICRO_BATCH_SIZES, ROUNDS, size -> refine(gray, size, refined));
    log.info(
        "Deeplearning4j refines {} with {}, chosen of {}", network, fastest, MICRO_BATCH_SIZES);
    return fastest;
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    if (parameters.wasClosed()) {
      throw new IllegalStateException("The refiner is closed"); // ND4J would read freed memory.
    }
    Refiner.requireChannels(channels, synthetic.shape(), synthetic);
    float[] refined = new float[synthetic.pixels().length];
    refine(synthetic, microBatch, refined);
    return new ImageBatch(synthetic.count(), synthetic.shape(), refined);
  }

  private void refine(ImageBatch synthetic, MicroBatchSize size, float[] refined) {
    int max = size.images(synthetic.shape());
    for (int from = 0; from < synthetic.count(); from += max) {
      ImageBatch images = synthetic.slice(from, Math.min(from + max, synthetic.count()));
      try (INDArray input = Nd4jArrays.of(images, DataType.FLOAT);
          INDArray output = graph.outputSingle(false, input)) {
        float[] values = Nd4jArrays.floats(output);
        System.arraycopy(values, 0, refined, from * synthetic.shape().values(), values.length);
      }
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
