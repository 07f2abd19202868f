package io.refinery.engine.dl4j;

import io.refinery.engine.Estimator;
import io.refinery.engine.EstimatorSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.InitialWeights;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An estimator as two graphs on one row of parameters: one ends in the loss, the other in the last
 * hidden layer and the outputs, for Deeplearning4j leaves a workspace open when it is asked for a
 * layer in the middle of a graph.
 */
final class Dl4jEstimator implements Estimator {

  private static final int NO_CLIP = 0;

  /** Places among what the predicting graph puts out. */
  private static final int FEATURES = 0;

  private static final int OUTPUTS = 1;

  private final EstimatorSpec spec;
  private final DataType type;
  private final INDArray parameters;
  private final TrainingGraph graph;
  private final ComputationGraph predicting;
  private final Dl4jParameterUpdate update;

  Dl4jEstimator(EstimatorSpec spec) {
    this(spec, DataType.FLOAT);
  }

  /**
   * @param type {@code DOUBLE} where gradients are compared with finite differences
   */
  Dl4jEstimator(EstimatorSpec spec, DataType type) {
    this.spec = spec;
    this.type = type;
    Map<String, List<Integer>> shapes = spec.parameters();
    Weights first = InitialWeights.draw(shapes, new Random(spec.seed()));
    parameters = Nd4j.zeros(type, 1, first.count());
    graph =
        new TrainingGraph(
            EstimatorLayers.training(spec, type), parameters, EstimatorLayers.OUTPUTS);
    predicting = new ComputationGraph(EstimatorLayers.predicting(spec, type).build());
    predicting.init(parameters, false);
    new Dl4jNetworkParameters(graph.graph(), "", shapes).write(first);
    update = new Dl4jParameterUpdate(spec.optimizer(), NO_CLIP, parameters);
  }

  @Override
  public double update(ImageBatch images, float[] targets) {
    double loss = gradient(images, targets);
    update.apply(graph.gradient());
    return loss;
  }

  /** Leaves the gradient of the loss in the graph that ends in it. */
  double gradient(ImageBatch images, float[] targets) {
    requireShape(images);
    int count = images.count();
    if (count < 1 || count > spec.batch() || targets.length != count * spec.outputs()) {
      throw new IllegalArgumentException(
          "An update has 1 to %d images with %d targets each, not %s with %d targets in all"
              .formatted(spec.batch(), spec.outputs(), images, targets.length));
    }
    try (INDArray input = Nd4jArrays.of(images, type);
        INDArray labels = Nd4jArrays.of(targets, count, type)) {
      double[] outputs = graph.backpropagate(input, labels).get(EstimatorLayers.OUTPUTS);
      // Deeplearning4j leaves the sum over the images.
      graph.gradient().divi(count);
      return loss(outputs, targets) / count;
    }
  }

  private double loss(double[] outputs, float[] targets) {
    return spec.loss() == EstimatorSpec.Loss.SQUARED_DISTANCE
        ? squaredDistance(outputs, targets)
        : crossEntropy(outputs, targets, spec.outputs());
  }

  private static double squaredDistance(double[] outputs, float[] targets) {
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      double difference = outputs[i] - targets[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double crossEntropy(double[] logits, float[] targets, int classes) {
    double sum = 0;
    for (int from = 0; from < logits.length; from += classes) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = from; i < from + classes; i++) {
        most = Math.max(most, logits[i]);
      }
      double exponentials = 0;
      for (int i = from; i < from + classes; i++) {
        exponentials += Math.exp(logits[i] - most);
      }
      double logOfSum = most + Math.log(exponentials);
      for (int i = from; i < from + classes; i++) {
        sum += targets[i] * (logOfSum - logits[i]);
      }
    }
    return sum;
  }

  @Override
  public float[] predict(ImageBatch images) {
    return inParts(images, OUTPUTS);
  }

  @Override
  public float[] features(ImageBatch images) {
    return inParts(images, FEATURES);
  }

  /** Runs no more images at once than an update has, so that memory does not grow with them. */
  private float[] inParts(ImageBatch images, int wanted) {
    requireShape(images);
    float[] values = {};
    for (int from = 0; from < images.count(); from += spec.batch()) {
      ImageBatch part = images.slice(from, Math.min(from + spec.batch(), images.count()));
      float[] output = output(part, wanted);
      int perImage = output.length / part.count();
      if (from == 0) {
        values = new float[Math.multiplyExact(images.count(), perImage)];
      }
      System.arraycopy(output, 0, values, from * perImage, output.length);
    }
    return values;
  }

  private float[] output(ImageBatch images, int wanted) {
    try (INDArray input = Nd4jArrays.of(images, type)) {
      INDArray[] outputs = predicting.output(input);
      float[] values = Nd4jArrays.floats(outputs[wanted]);
      for (INDArray output : outputs) {
        output.close();
      }
      return values;
    }
  }

  private void requireShape(ImageBatch images) {
    if (!images.shape().equals(spec.shape())) {
      throw new IllegalArgumentException("Images are of " + spec.shape() + ", not " + images);
    }
  }

  /** Both graphs, for tests that look inside; the one with the loss comes first. */
  List<ComputationGraph> graphs() {
    return List.of(graph.graph(), predicting);
  }

  @Override
  public void close() {
    update.close();
    graph.close();
    parameters.close();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
