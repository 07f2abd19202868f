package io.refinery.testkit.engine;

import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.EstimatorSpec.Convolution;
import io.refinery.engine.EstimatorSpec.Dense;
import io.refinery.engine.EstimatorSpec.Layer;
import io.refinery.engine.EstimatorSpec.MaxPooling;
import io.refinery.engine.EstimatorSpec.Padding;
import io.refinery.image.ImageBatch;
import java.util.Map;

/**
 * An estimator in plain Java and double precision, written only from the definition.
 *
 * @param parameters by name; finite differences modify them; a dense layer's weights are inputs x
 *     units
 */
public record NaiveEstimator(EstimatorSpec spec, Map<String, double[]> parameters) {

  public double loss(ImageBatch images, float[] targets) {
    double sum = 0;
    for (int i = 0; i < images.count(); i++) {
      double[] outputs = outputs(NaiveNetworks.image(images, i));
      double exponentials = 0;
      for (double output : outputs) {
        exponentials += Math.exp(output);
      }
      for (int k = 0; k < outputs.length; k++) {
        double target = targets[i * outputs.length + k];
        sum +=
            spec.loss() == EstimatorSpec.Loss.SQUARED_DISTANCE
                ? Math.pow(outputs[k] - target, 2)
                : -target * Math.log(Math.exp(outputs[k]) / exponentials);
      }
    }
    return sum / images.count();
  }

  public double[] outputs(double[][][] image) {
    return dense(features(image), "out");
  }

  public double[] features(double[][][] image) {
    double[][][] maps = image;
    for (int i = 0; i < spec.hidden().size(); i++) {
      maps = next(spec.hidden().get(i), maps, "hidden" + (i + 1));
    }
    return NaiveNetworks.flat(maps);
  }

  private double[][][] next(Layer layer, double[][][] maps, String name) {
    if (layer instanceof Convolution convolution) {
      int size = convolution.size();
      double[][][] same =
          NaiveNetworks.relu(NaiveNetworks.convolve(maps, parameters, name, size, 1));
      return convolution.padding() == Padding.SAME
          ? same
          : windows(same, size, 1, (map, r, c) -> map[r + (size - 1) / 2][c + (size - 1) / 2]);
    }
    if (layer instanceof MaxPooling pooling) {
      int size = pooling.size();
      return windows(maps, size, pooling.stride(), (map, r, c) -> largest(map, r, c, size));
    }
    if (layer instanceof Dense) {
      return NaiveNetworks.relu(vector(dense(NaiveNetworks.flat(maps), name)));
    }
    double[] means = new double[maps.length];
    for (int i = 0; i < means.length; i++) {
      means[i] =
          java.util.Arrays.stream(NaiveNetworks.flat(new double[][][] {maps[i]}))
              .average()
              .orElseThrow();
    }
    return vector(means);
  }

  private interface Value {
    double at(double[][] map, int row, int column);
  }

  /**
   * Computes a value for every window that is completely inside the map, from its first row and
   * column.
   */
  private static double[][][] windows(double[][][] maps, int size, int stride, Value value) {
    int rows = (maps[0].length - size) / stride + 1;
    int columns = (maps[0][0].length - size) / stride + 1;
    double[][][] out = new double[maps.length][rows][columns];
    for (int i = 0; i < maps.length; i++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          out[i][r][c] = value.at(maps[i], r * stride, c * stride);
        }
      }
    }
    return out;
  }

  private static double largest(double[][] map, int row, int column, int size) {
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < size * size; k++) {
      most = Math.max(most, map[row + k / size][column + k % size]);
    }
    return most;
  }

  private double[] dense(double[] inputs, String name) {
    double[] weights = parameters.get(name + ".weight");
    double[] outputs = parameters.get(name + ".bias").clone();
    for (int o = 0; o < outputs.length; o++) {
      for (int i = 0; i < inputs.length; i++) {
        outputs[o] += inputs[i] * weights[i * outputs.length + o];
      }
    }
    return outputs;
  }

  private static double[][][] vector(double[] values) {
    return new double[][][] {{values}};
  }
}
