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
 * A convolution with bias that uses ND4J's native operation (oneDNN on a CPU, cuDNN on a GPU).
 *
 * <p>By default, Deeplearning4j 1.0.0-M2.1 computes convolutions as im2col in Java and a matrix
 * product, about ten times slower. Its native helpers are off; when a property switches them on,
 * they look for a class that this release moved. Here the layer's constructor sets the helper.
 */
final class NativeConvolution extends ConvolutionLayer {

  private static final long serialVersionUID = 1L;

  private NativeConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
  }

  /** Returns a convolution with SAME padding. */
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
    NativeLayer layer = new NativeLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialize));
    layer.setConf(conf);
    return layer;
  }

  private static final class NativeLayer
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

    private static final long serialVersionUID = 1L;

    NativeLayer(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
      helper = new MKLDNNConvHelper(type);
    }
  }
}
