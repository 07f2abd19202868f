package io.refinery.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Initial weights. They are drawn from a normal distribution with variance 2 / inputs, which
 * preserves the scale of activations through ReLUs (He et al., arXiv 1502.01852, section 2.2). The
 * last layer, whose name ends in {@code out}, has no ReLU and gets 1 / inputs. The second
 * convolution of a block starts at 0, so that blocks initially pass their input through (Goyal et
 * al., arXiv 1706.02677, section 5.1). Biases are 0.
 */
public final class InitialWeights {

  private InitialWeights() {}

  /**
   * Draws weights in the order of {@code shapes}; the same {@code random} gives the same weights.
   */
  public static Weights draw(Map<String, List<Integer>> shapes, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, draw(name, shape, random)));
    return new Weights(tensors);
  }

  private static Tensor draw(String name, List<Integer> shape, Random random) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    if (name.endsWith(".weight") && !name.endsWith(".conv2.weight")) {
      int inputs = values.length / shape.get(0);
      double deviation = Math.sqrt((name.endsWith("out.weight") ? 1.0 : 2.0) / inputs);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * deviation);
      }
    }
    return new Tensor(shape, values);
  }
}
