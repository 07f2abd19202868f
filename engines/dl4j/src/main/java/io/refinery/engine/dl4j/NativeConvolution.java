package io.refinery.engine.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution with bias that runs on ND4J's native operation (oneDNN on a CPU, cuDNN on a GPU).
 *
 * <p>Deeplearning4j 1.0.0-M2.1 as it comes runs its convolutions as im2col in Java and a matrix
 * product, about ten times slower: its native helpers are off, and switched on by property they
 * look for a class that this release moved. Here the helper is part of the layer from its start.
 */
final class NativeConvolution extends ConvolutionLayer {

  private static final long serialVersionUID = 1L;

  private NativeConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
  }

  /** One with SAME padding. */
  static NativeConvolution of(int size, int stride, int filters, Activation activation) {
    return of(size, stride, filters, activation, ConvolutionMode.Same);
  }

  /**
   * @param mode {@code Same}, or {@code Truncate} for no padding
   */
  static NativeConvolution of(
      int size, int stride, int filters, Activation activation, ConvolutionMode mode) {
    return new NativeConvolution(
        new ConvolutionLayer.Builder(size, size)
            .stride(stride, stride)
            .nOut(filters)
            .activation(activation)
            .dataFormat(CNN2DFormat.NCHW)
            .convolutionMode(mode)
            .helperAllowFallback(false));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    Running layer = new Running(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialize));
    layer.setConf(conf);
    return layer;
  }

  private static final class Running
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    Running(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
      helper = new MKLDNNConvHelper(type);
    }
  }
}
