package io.refinery.engine.torch;

import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.EstimatorSpec.Convolution;
import io.refinery.engine.EstimatorSpec.Dense;
import io.refinery.engine.EstimatorSpec.Layer;
import io.refinery.engine.EstimatorSpec.MaxPooling;
import io.refinery.engine.EstimatorSpec.Padding;
import java.util.Map;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The forward pass of an estimator, given its parameters by name. */
final class EstimatorNetwork {

  private static final long[] ONE = {1, 1};

  private EstimatorNetwork() {}

  /** Returns the output of the last hidden layer: images x values. */
  static Tensor features(EstimatorSpec spec, Map<String, Tensor> parameters, Tensor images) {
    Tensor values = images;
    for (int i = 0; i < spec.hidden().size(); i++) {
      values = apply(spec.hidden().get(i), parameters, "hidden" + (i + 1), values);
    }
    return values.flatten(1, -1);
  }

  /**
   * Returns images x outputs.
   *
   * @param features from {@link #features}
   */
  static Tensor outputs(Map<String, Tensor> parameters, Tensor features) {
    return dense(parameters, "out", features);
  }

  private static Tensor apply(
      Layer layer, Map<String, Tensor> parameters, String name, Tensor input) {
    if (layer instanceof Convolution convolution) {
      return convolve(convolution, parameters, name, input).relu_();
    }
    if (layer instanceof MaxPooling pooling) {
      return torch.max_pool2d(
          input,
          new long[] {pooling.size(), pooling.size()},
          new long[] {pooling.stride(), pooling.stride()},
          new long[] {0, 0},
          ONE,
          false);
    }
    return layer instanceof Dense
        ? dense(parameters, name, input.flatten(1, -1)).relu_()
        : input.mean(new long[] {2, 3}, false, new ScalarTypeOptional());
  }

  /** SAME padding puts an odd row at the bottom and an odd column on the right. */
  private static Tensor convolve(
      Convolution convolution, Map<String, Tensor> parameters, String name, Tensor input) {
    long padding = convolution.padding() == Padding.SAME ? convolution.size() - 1 : 0;
    long before = padding / 2;
    long after = padding - before;
    Tensor padded =
        before == after ? input : torch.constant_pad_nd(input, before, after, before, after);
    long pad = before == after ? before : 0;
    return torch.conv2d(
        padded,
        parameters.get(name + ".weight"),
        new TensorOptional(parameters.get(name + ".bias")),
        ONE,
        new long[] {pad, pad},
        ONE,
        1);
  }

  /**
   * Reads the weights as inputs x units, as Deeplearning4j does, so that one seed makes the same
   * network in both engines.
   */
  private static Tensor dense(Map<String, Tensor> parameters, String name, Tensor input) {
    Tensor bias = parameters.get(name + ".bias");
    Tensor weights = parameters.get(name + ".weight").view(input.size(1), bias.size(0));
    return torch.addmm(bias, input, weights);
  }
}
