package io.refinery.testkit.engine;

import io.refinery.engine.Losses;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.Convolution;
import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Both networks and their losses in plain Java and double precision, written only from the
 * definition, to compare engines with. A map is channels x rows x columns.
 *
 * @param refiner parameters by name; finite differences modify them
 * @param discriminator likewise
 */
public record NaiveNetworks(
    PairSpec spec, Map<String, double[]> refiner, Map<String, double[]> discriminator) {

  public static NaiveNetworks of(PairSpec spec, Weights refiner, Weights discriminator) {
    return new NaiveNetworks(spec, doubles(refiner), doubles(discriminator));
  }

  private static Map<String, double[]> doubles(Weights weights) {
    Map<String, double[]> values = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              double[] copy = new double[tensor.values().length];
              for (int i = 0; i < copy.length; i++) {
                copy[i] = tensor.values()[i];
              }
              values.put(name, copy);
            });
    return values;
  }

  /** Returns the adversarial term and the self-regularisation term, reduced as the losses say. */
  public double[] refinerTerms(ImageBatch synthetic) {
    double adversarial = 0;
    double selfRegularisation = 0;
    int patches = 0;
    for (int i = 0; i < synthetic.count(); i++) {
      double[][][] x = image(synthetic, i);
      double[][][] refined = refine(x);
      double[] probabilities = discriminate(refined);
      patches += probabilities.length;
      for (double p : probabilities) {
        adversarial -= Math.log(1 - p);
      }
      double[] before = flat(x);
      double[] after = flat(refined);
      for (int k = 0; k < before.length; k++) {
        selfRegularisation += Math.abs(after[k] - before[k]);
      }
    }
    return new double[] {
      adversarial / divisor(spec.losses().adversarial(), patches),
      selfRegularisation / divisor(spec.losses().selfRegularisation(), synthetic.pixels().length)
    };
  }

  /** Returns the total, real and refined terms. */
  public double[] discriminatorTerms(ImageBatch real, ImageBatch refined) {
    double smoothing = spec.losses().labelSmoothing();
    double ofReal = 0;
    double ofRefined = 0;
    int patches = 0;
    for (int i = 0; i < real.count(); i++) {
      for (double p : discriminate(image(real, i))) {
        ofReal -= (1 - smoothing) * Math.log(1 - p) + smoothing * Math.log(p);
        patches++;
      }
      for (double p : discriminate(image(refined, i))) {
        ofRefined -= Math.log(p);
      }
    }
    Losses.Reduction reduction = spec.losses().adversarial();
    return new double[] {
      (ofReal + ofRefined) / divisor(reduction, 2 * patches),
      ofReal / divisor(reduction, patches),
      ofRefined / divisor(reduction, patches)
    };
  }

  private static double divisor(Losses.Reduction reduction, int values) {
    return reduction == Losses.Reduction.SUM ? 1 : values;
  }

  public double[][][] refine(double[][][] x) {
    int side = spec.refiner().filterSize();
    double[][][] maps = relu(convolve(x, refiner, "conv_in", side, 1));
    for (int block = 0; block < spec.refiner().blocks(); block++) {
      String name = "blocks." + block;
      double[][][] inner = relu(convolve(maps, refiner, name + ".conv1", side, 1));
      maps = relu(add(convolve(inner, refiner, name + ".conv2", side, 1), maps));
    }
    return map(convolve(maps, refiner, "conv_out", 1, 1), Math::tanh);
  }

  /** Returns the probability of "refined" for each patch, row-major, or for the whole image. */
  public double[] discriminate(double[][][] image) {
    double[][][] maps = image;
    int number = 1;
    for (DiscriminatorNetwork.Layer layer : spec.discriminator().layers()) {
      maps =
          layer instanceof Convolution
              ? relu(convolve(maps, discriminator, "conv" + number++, layer.size(), layer.stride()))
              : pool(maps, layer.size(), layer.stride());
    }
    double[][][] logits = convolve(maps, discriminator, "conv_out", 1, 1);
    double[] real = flat(new double[][][] {logits[0]});
    double[] refined = flat(new double[][][] {logits[1]});
    if (spec.losses().scope() == Losses.Scope.GLOBAL) {
      return new double[] {probability(mean(real), mean(refined))};
    }
    for (int i = 0; i < real.length; i++) {
      refined[i] = probability(real[i], refined[i]);
    }
    return refined;
  }

  private static double probability(double real, double refined) {
    return 1 / (1 + Math.exp(real - refined));
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }

  public static double[][][] image(ImageBatch images, int index) {
    int at = index * images.shape().values();
    double[][][] maps =
        new double[images.shape().channels()][images.shape().height()][images.shape().width()];
    for (double[][] map : maps) {
      for (double[] row : map) {
        for (int i = 0; i < row.length; i++) {
          row[i] = images.pixels()[at++];
        }
      }
    }
    return maps;
  }

  public static double[] flat(double[][][] maps) {
    double[] values = new double[maps.length * maps[0].length * maps[0][0].length];
    int at = 0;
    for (double[][] map : maps) {
      for (double[] row : map) {
        System.arraycopy(row, 0, values, at, row.length);
        at += row.length;
      }
    }
    return values;
  }

  static double[][][] convolve(
      double[][][] in, Map<String, double[]> parameters, String name, int side, int stride) {
    double[] weights = parameters.get(name + ".weight");
    double[] biases = parameters.get(name + ".bias");
    Window window = new Window(in[0].length, in[0][0].length, side, stride);
    double[][][] out = new double[biases.length][window.rows()][window.columns()];
    for (int o = 0; o < out.length; o++) {
      for (int r = 0; r < window.rows(); r++) {
        for (int c = 0; c < window.columns(); c++) {
          double sum = biases[o];
          for (int i = 0; i < in.length; i++) {
            int kernel = (o * in.length + i) * side * side;
            for (int k = 0; k < side * side; k++) {
              sum += weights[kernel + k] * window.at(in[i], r, c, k, 0);
            }
          }
          out[o][r][c] = sum;
        }
      }
    }
    return out;
  }

  private static double[][][] pool(double[][][] in, int side, int stride) {
    Window window = new Window(in[0].length, in[0][0].length, side, stride);
    double[][][] out = new double[in.length][window.rows()][window.columns()];
    for (int i = 0; i < in.length; i++) {
      for (int r = 0; r < window.rows(); r++) {
        for (int c = 0; c < window.columns(); c++) {
          double most = Double.NEGATIVE_INFINITY;
          for (int k = 0; k < side * side; k++) {
            most = Math.max(most, window.at(in[i], r, c, k, Double.NEGATIVE_INFINITY));
          }
          out[i][r][c] = most;
        }
      }
    }
    return out;
  }

  /**
   * A square window over a map with SAME padding; an odd row or column of padding comes after the
   * map.
   */
  private record Window(int height, int width, int side, int stride) {
    int rows() {
      return (height + stride - 1) / stride;
    }

    int columns() {
      return (width + stride - 1) / stride;
    }

    double at(double[][] map, int row, int column, int k, double outside) {
      int r = row * stride - before(rows(), height) + k / side;
      int c = column * stride - before(columns(), width) + k % side;
      return r < 0 || r >= height || c < 0 || c >= width ? outside : map[r][c];
    }

    private int before(int outputs, int inputs) {
      return Math.max(0, (outputs - 1) * stride + side - inputs) / 2;
    }
  }

  static double[][][] relu(double[][][] maps) {
    return map(maps, value -> Math.max(0, value));
  }

  private static double[][][] map(double[][][] maps, DoubleUnaryOperator function) {
    for (double[][] map : maps) {
      for (double[] row : map) {
        for (int i = 0; i < row.length; i++) {
          row[i] = function.applyAsDouble(row[i]);
        }
      }
    }
    return maps;
  }

  private static double[][][] add(double[][][] to, double[][][] maps) {
    for (int i = 0; i < to.length; i++) {
      for (int r = 0; r < to[i].length; r++) {
        for (int c = 0; c < to[i][r].length; c++) {
          to[i][r][c] += maps[i][r][c];
        }
      }
    }
    return to;
  }
}
