package io.refinery.testkit.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;

/** The refiner in plain loops and doubles, to compare engines with. */
public record NaiveRefiner(RefinerNetwork network, Weights weights) {

  public ImageBatch refine(ImageBatch synthetic) {
    ImageShape shape = synthetic.shape();
    float[] refined = new float[synthetic.pixels().length];
    for (int image = 0; image < synthetic.count(); image++) {
      double[][][] maps = new double[shape.channels()][shape.height()][shape.width()];
      int at = image * shape.values();
      for (double[][] map : maps) {
        for (double[] row : map) {
          for (int x = 0; x < row.length; x++) {
            row[x] = synthetic.pixels()[at++];
          }
        }
      }
      at = image * shape.values();
      for (double[][] map : refine(maps)) {
        for (double[] row : map) {
          for (double value : row) {
            refined[at++] = (float) Math.tanh(value);
          }
        }
      }
    }
    return new ImageBatch(synthetic.count(), shape, refined);
  }

  private double[][][] refine(double[][][] image) {
    double[][][] features = relu(convolution("conv_in", image));
    for (int number = 0; number < network.blocks(); number++) {
      double[][][] inner = relu(convolution("blocks." + number + ".conv1", features));
      features = relu(sum(convolution("blocks." + number + ".conv2", inner), features));
    }
    return convolution("conv_out", features);
  }

  private double[][][] convolution(String name, double[][][] in) {
    Tensor weight = weights.tensor(name + ".weight");
    int outputs = weight.shape().get(0);
    int side = weight.shape().get(2);
    int height = in[0].length;
    int width = in[0][0].length;
    double[][][] out = new double[outputs][height][width];
    for (int o = 0; o < outputs; o++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double sum = weights.tensor(name + ".bias").values()[o];
          for (int i = 0; i < in.length; i++) {
            for (int row = 0; row < side; row++) {
              for (int column = 0; column < side; column++) {
                int fromY = y + row - side / 2;
                int fromX = x + column - side / 2;
                if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
                  int at = ((o * in.length + i) * side + row) * side + column;
                  sum += weight.values()[at] * in[i][fromY][fromX];
                }
              }
            }
          }
          out[o][y][x] = sum;
        }
      }
    }
    return out;
  }

  private static double[][][] relu(double[][][] maps) {
    for (double[][] map : maps) {
      for (double[] row : map) {
        for (int x = 0; x < row.length; x++) {
          row[x] = Math.max(0, row[x]);
        }
      }
    }
    return maps;
  }

  private static double[][][] sum(double[][][] into, double[][][] maps) {
    for (int i = 0; i < into.length; i++) {
      for (int y = 0; y < into[i].length; y++) {
        for (int x = 0; x < into[i][y].length; x++) {
          into[i][y][x] += maps[i][y][x];
        }
      }
    }
    return into;
  }
}
