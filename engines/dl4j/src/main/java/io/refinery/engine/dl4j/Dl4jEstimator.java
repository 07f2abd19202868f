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
 * An estimator that computes with Deeplearning4j, as two graphs on one row of parameters: one ends
 * in the loss, the other in the last hidden layer and the outputs. With a single graph,
 * Deeplearning4j would leave a workspace open when asked for a layer in the middle.
 */
final class Dl4jEstimator implements Estimator {

  private static final int NO_CLIP = 0;

  /** Indices into the predicting graph's outputs. */
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
   * @param type {@code DOUBLE} for comparing gradients with finite differences
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

  /** Computes the loss and leaves its gradient in the training graph. */
  double gradient(ImageBatch images, float[] targets) {
    requireShape(images);
    int count = images.count();
    if (count < 1 || count > spec.batch() || targets.length != count * spec.outputs()) {
      throw new IllegalArgumentException(
          "An update takes 1 to %d images with %d targets each, not %s with %d targets in total"
              .formatted(spec.batch(), spec.outputs(), images, targets.length));
    }
    try (INDArray input = Nd4jArrays.of(images, type);
        INDArray labels = Nd4jArrays.of(targets, count, type)) {
      double[] outputs = graph.backpropagate(input, labels).get(EstimatorLayers.OUTPUTS);
      // Deeplearning4j computes the sum over the images; we want the mean.
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
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < from + classes; i++) {
        max = Math.max(max, logits[i]);
      }
      double exponentials = 0;
      for (int i = from; i < from + classes; i++) {
        exponentials += Math.exp(logits[i] - max);
      }
      double logOfSum = max + Math.log(exponentials);
      for (int i = from; i < from + classes; i++) {
        sum += targets[i] * (logOfSum - logits[i]);
      }
    }
    return sum;
  }

  @Override
  public float[] predict(ImageBatch images) {
    return inMicroBatches(images, OUTPUTS);
  }

  @Override
  public float[] features(ImageBatch images) {
    return inMicroBatches(images, FEATURES);
  }

  /**
   * Runs at most as many images at once as an update, so that memory does not grow with their
   * number.
   */
  private float[] inMicroBatches(ImageBatch images, int index) {
    requireShape(images);
    float[] values = {};
    for (int from = 0; from < images.count(); from += spec.batch()) {
      ImageBatch microBatch = images.slice(from, Math.min(from + spec.batch(), images.count()));
      float[] output = output(microBatch, index);
      int perImage = output.length / microBatch.count();
      if (from == 0) {
        values = new float[Math.multiplyExact(images.count(), perImage)];
      }
      System.arraycopy(output, 0, values, from * perImage, output.length);
    }
    return values;
  }

  private float[] output(ImageBatch images, int index) {
    try (INDArray input = Nd4jArrays.of(images, type)) {
      INDArray[] outputs = predicting.output(input);
      float[] values = Nd4jArrays.floats(outputs[index]);
      for (INDArray output : outputs) {
        output.close();
      }
      return values;
    }
  }

  private void requireShape(ImageBatch images) {
    if (!images.shape().equals(spec.shape())) {
      throw new IllegalArgumentException("Images must be " + spec.shape() + ", not " + images);
    }
  }

  /** Returns both graphs, for tests; the one with the loss comes first. */
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
