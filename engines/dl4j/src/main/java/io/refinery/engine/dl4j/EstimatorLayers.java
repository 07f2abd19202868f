package io.refinery.engine.dl4j;

import io.refinery.engine.EstimatorSpec;
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

/** Builds an estimator's layers in sequence, named like its parameters. */
final class EstimatorLayers {

  static final String OUTPUTS = "out";
  private static final String LOSS = "loss";

  private final GraphBuilder graph;
  private String last = NetworkLayers.IMAGES;

  private EstimatorLayers(EstimatorSpec spec, DataType type) {
    graph = NetworkLayers.graph(spec.shape(), type);
    for (int i = 0; i < spec.hidden().size(); i++) {
      add(hidden(i + 1), layer(spec.hidden().get(i)));
    }
    add(OUTPUTS, dense(spec.outputs(), Activation.IDENTITY));
  }

  /** Returns a graph whose outputs are the last hidden layer and the estimator's outputs. */
  static GraphBuilder predicting(EstimatorSpec spec, DataType type) {
    EstimatorLayers layers = new EstimatorLayers(spec, type);
    return layers.graph.setOutputs(hidden(spec.hidden().size()), OUTPUTS);
  }

  /** Returns a graph whose output is the loss. */
  static GraphBuilder training(EstimatorSpec spec, DataType type) {
    EstimatorLayers layers = new EstimatorLayers(spec, type);
    return layers.graph.addLayer(LOSS, loss(spec.loss()), OUTPUTS).setOutputs(LOSS);
  }

  private static String hidden(int number) {
    return "hidden" + number;
  }

  private void add(String name, Layer layer) {
    graph.addLayer(name, layer, last);
    last = name;
  }

  private static Layer layer(EstimatorSpec.Layer layer) {
    if (layer instanceof EstimatorSpec.Convolution convolution) {
      boolean same = convolution.padding() == EstimatorSpec.Padding.SAME;
      ConvolutionMode mode = same ? ConvolutionMode.Same : ConvolutionMode.Truncate;
      return NativeConvolution.of(
          convolution.size(), 1, convolution.filters(), Activation.RELU, mode);
    }
    if (layer instanceof EstimatorSpec.MaxPooling pooling) {
      return pooling(pooling);
    }
    return layer instanceof EstimatorSpec.Dense dense
        ? dense(dense.units(), Activation.RELU)
        : new GlobalPoolingLayer(PoolingType.AVG);
  }

  private static Layer dense(int units, Activation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation).build();
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
