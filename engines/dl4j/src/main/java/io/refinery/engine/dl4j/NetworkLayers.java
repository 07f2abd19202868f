package io.refinery.engine.dl4j;

import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.DiscriminatorNetwork.MaxPooling;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.network.RefinerNetwork;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Builds the networks and their losses as layers of a Deeplearning4j graph, NCHW throughout. A
 * layer with parameters is named like its tensors in {@link RefinerNetwork#parameters()} and {@link
 * DiscriminatorNetwork#parameters()}, after a prefix.
 */
final class NetworkLayers {

  static final String IMAGES = "images";
  static final String REFINER = "refiner.";
  static final String DISCRIMINATOR = "discriminator.";
  static final String REFINED = REFINER + "conv_out";
  private static final String LOGITS = DISCRIMINATOR + "conv_out";
  private static final String MEAN = DISCRIMINATOR + "mean";
  static final String SELF_REGULARISATION = "self_regularisation";
  static final String PATCHES = "patches";

  private NetworkLayers() {}

  /**
   * Starts a graph for images of one shape, without an updater; {@link Dl4jParameterUpdate}
   * replaces it.
   */
  static GraphBuilder graph(ImageShape shape, DataType type) {
    return new NeuralNetConfiguration.Builder()
        .dataType(type)
        .updater(new NoOp())
        .miniBatch(false)
        .trainingWorkspaceMode(WorkspaceMode.ENABLED)
        .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
        .cacheMode(CacheMode.DEVICE)
        .graphBuilder()
        .addInputs(IMAGES)
        .setInputTypes(
            InputType.convolutional(
                shape.height(), shape.width(), shape.channels(), CNN2DFormat.NCHW));
  }

  /** Adds R from {@link #IMAGES} to {@link #REFINED}. */
  static void addRefiner(GraphBuilder graph, RefinerNetwork network) {
    int size = network.filterSize();
    int filters = network.filters();
    String last = REFINER + "conv_in";
    graph.addLayer(last, NativeConvolution.of(size, 1, filters, Activation.RELU), IMAGES);
    for (int block = 0; block < network.blocks(); block++) {
      String name = REFINER + "blocks." + block;
      graph
          .addLayer(name + ".conv1", NativeConvolution.of(size, 1, filters, Activation.RELU), last)
          .addLayer(
              name + ".conv2",
              NativeConvolution.of(size, 1, filters, Activation.IDENTITY),
              name + ".conv1")
          .addVertex(
              name + ".add", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + ".conv2", last)
          .addLayer(name, new ActivationLayer(Activation.RELU), name + ".add");
      last = name;
    }
    graph.addLayer(REFINED, NativeConvolution.of(1, 1, network.channels(), Activation.TANH), last);
  }

  /** Adds D from {@code input} to {@link #LOGITS}. */
  private static void addDiscriminator(
      GraphBuilder graph, DiscriminatorNetwork network, String input) {
    String last = input;
    int convolutions = 0;
    int poolings = 0;
    for (DiscriminatorNetwork.Layer layer : network.layers()) {
      String name;
      Layer added;
      if (layer instanceof Convolution convolution) {
        name = DISCRIMINATOR + "conv" + ++convolutions;
        added =
            NativeConvolution.of(
                convolution.size(), convolution.stride(), convolution.filters(), Activation.RELU);
      } else {
        name = DISCRIMINATOR + "pool" + ++poolings;
        added = pooling((MaxPooling) layer);
      }
      graph.addLayer(name, added, last);
      last = name;
    }
    graph.addLayer(
        LOGITS,
        NativeConvolution.of(1, 1, DiscriminatorNetwork.CLASSES, Activation.IDENTITY),
        last);
  }

  /** Adds {@code weight} times the sum of |R(x) - x|. */
  static void addSelfRegularisation(
      GraphBuilder graph, ImageShape shape, double weight, DataType type) {
    long[] row = {1, shape.channels()};
    graph.addLayer(
        SELF_REGULARISATION,
        new CnnLossLayer.Builder(new LossL1(Nd4j.valueArrayOf(row, weight, type)))
            .activation(Activation.IDENTITY)
            .format(CNN2DFormat.NCHW)
            .build(),
        REFINED);
  }

  /** Adds the mean of {@link #LOGITS} over an image's patches. */
  private static void addMean(GraphBuilder graph, PatchMap patches) {
    graph.addLayer(
        MEAN,
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
            .kernelSize(patches.height(), patches.width())
            .stride(1, 1)
            .convolutionMode(ConvolutionMode.Truncate)
            .dataFormat(CNN2DFormat.NCHW)
            .build(),
        LOGITS);
  }

  /** Returns the layer whose softmax is D's output. */
  static String logitsLayer(PairSpec spec) {
    return isGlobal(spec) ? MEAN : LOGITS;
  }

  private static boolean isGlobal(PairSpec spec) {
    return spec.losses().scope() == Losses.Scope.GLOBAL;
  }

  /** Adds D on {@code input}, and {@code weight} times the sum of its cross-entropies. */
  static void addDiscriminatorLoss(
      GraphBuilder graph, PairSpec spec, String input, double weight, DataType type) {
    addDiscriminator(graph, spec.discriminator(), input);
    if (isGlobal(spec)) {
      addMean(graph, spec.discriminator().patches(spec.shape().height(), spec.shape().width()));
    }
    long[] row = {1, DiscriminatorNetwork.CLASSES};
    graph.addLayer(
        PATCHES,
        new CnnLossLayer.Builder(new LossMCXENT(0, Nd4j.valueArrayOf(row, weight, type)))
            .activation(Activation.SOFTMAX)
            .format(CNN2DFormat.NCHW)
            .build(),
        logitsLayer(spec));
  }

  private static Layer pooling(MaxPooling pooling) {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(pooling.size(), pooling.size())
        .stride(pooling.stride(), pooling.stride())
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(CNN2DFormat.NCHW)
        .build();
  }
}
