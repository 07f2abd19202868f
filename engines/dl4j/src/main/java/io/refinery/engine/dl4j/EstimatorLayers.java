package io.refinery.engine.dl4j;

import io.refinery.engine.EstimatorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * An estimator's layers, one after the other, and the shapes that run through them. A layer that
 * does not fit what comes before it is refused by an IllegalArgumentException that names it.
 */
final class EstimatorLayers {

  static final String OUTPUTS = "out";
  private static final String LOSS = "loss";
  private static final String LARGER = "is larger than the maps before it, %d of %dx%d pixels";

  private final GraphBuilder graph;
  private final Map<String, List<Integer>> parameters = new LinkedHashMap<>();

  private int maps;
  private int height;
  private int width;
  private boolean vector;
  private String last = NetworkLayers.IMAGES;

  private EstimatorLayers(EstimatorSpec spec, DataType type) {
    graph = NetworkLayers.graph(spec.shape(), type);
    maps = spec.shape().channels();
    height = spec.shape().height();
    width = spec.shape().width();
    for (int i = 0; i < spec.hidden().size(); i++) {
      add(i + 1, spec.hidden().get(i));
    }
    addDense(OUTPUTS, spec.outputs(), Activation.IDENTITY);
  }

  /** A graph that puts out the last hidden layer and the outputs. */
  static GraphBuilder predicting(EstimatorSpec spec, DataType type) {
    EstimatorLayers layers = new EstimatorLayers(spec, type);
    return layers.graph.setOutputs(hidden(spec.hidden().size()), OUTPUTS);
  }

  /** A graph that puts out the loss. */
  static GraphBuilder training(EstimatorSpec spec, DataType type) {
    EstimatorLayers layers = new EstimatorLayers(spec, type);
    return layers.graph.addLayer(LOSS, loss(spec.loss()), OUTPUTS).setOutputs(LOSS);
  }

  /** Names and shapes in the order of the layers; a shape has the layer's outputs first. */
  static Map<String, List<Integer>> parameters(EstimatorSpec spec) {
    return new EstimatorLayers(spec, DataType.FLOAT).parameters;
  }

  private static String hidden(int number) {
    return "hidden" + number;
  }

  private void add(int number, EstimatorSpec.Layer layer) {
    String name = hidden(number);
    if (layer instanceof EstimatorSpec.Dense dense) {
      addDense(name, dense.units(), Activation.RELU);
      return;
    }
    require(!vector, number, layer, "takes maps, and what comes before it are %d values");
    if (layer instanceof EstimatorSpec.Convolution convolution) {
      addConvolution(number, convolution);
    } else if (layer instanceof EstimatorSpec.MaxPooling pooling) {
      require(pooling.size() <= Math.min(height, width), number, layer, LARGER);
      height = (height - pooling.size()) / pooling.stride() + 1;
      width = (width - pooling.size()) / pooling.stride() + 1;
      graph.addLayer(name, pooling(pooling), last);
    } else if (layer instanceof EstimatorSpec.MeanPooling) {
      vector = true;
      graph.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), last);
    }
    last = name;
  }

  private void addConvolution(int number, EstimatorSpec.Convolution convolution) {
    int size = convolution.size();
    boolean same = convolution.padding() == EstimatorSpec.Padding.SAME;
    require(same || size <= Math.min(height, width), number, convolution, LARGER);
    parameters.put(hidden(number) + ".weight", List.of(convolution.filters(), maps, size, size));
    parameters.put(hidden(number) + ".bias", List.of(convolution.filters()));
    maps = convolution.filters();
    height -= same ? 0 : size - 1;
    width -= same ? 0 : size - 1;
    ConvolutionMode mode = same ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    graph.addLayer(
        hidden(number), NativeConvolution.of(size, 1, maps, Activation.RELU, mode), last);
  }

  private void addDense(String name, int units, Activation activation) {
    int inputs = vector ? maps : Math.multiplyExact(maps, height * width);
    parameters.put(name + ".weight", List.of(units, inputs));
    parameters.put(name + ".bias", List.of(units));
    graph.addLayer(name, new DenseLayer.Builder().nOut(units).activation(activation).build(), last);
    maps = units;
    vector = true;
    last = name;
  }

  private void require(boolean fits, int number, EstimatorSpec.Layer layer, String problem) {
    if (!fits) {
      throw new IllegalArgumentException(
          "Hidden layer " + number + ", " + layer + ", " + problem.formatted(maps, width, height));
    }
  }

  private static Layer pooling(EstimatorSpec.MaxPooling pooling) {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(pooling.size(), pooling.size())
        .stride(pooling.stride(), pooling.stride())
        .convolutionMode(ConvolutionMode.Truncate)
        .dataFormat(CNN2DFormat.NCHW)
        .build();
  }

  private static Layer loss(EstimatorSpec.Loss loss) {
    return loss == EstimatorSpec.Loss.SQUARED_DISTANCE
        ? new LossLayer.Builder(new LossL2()).activation(Activation.IDENTITY).build()
        : new LossLayer.Builder(new LossMCXENT(0, null)).activation(Activation.SOFTMAX).build();
  }
}
