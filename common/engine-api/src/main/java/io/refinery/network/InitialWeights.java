package io.refinery.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Weights to start from: normal, with the variance 2 / inputs that keeps the size of activations
 * through ReLUs (He et al., arXiv 1502.01852, section 2.2), 1 / inputs in the last layer, whose
 * name ends in {@code out} and which has none; 0 in the second convolution of a block, so that
 * blocks start by passing their input on (Goyal et al., arXiv 1706.02677, section 5.1); biases 0.
 */
public final class InitialWeights {

  private InitialWeights() {}

  /** Draws them in the order of {@code shapes}; the same {@code random} gives the same weights. */
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
