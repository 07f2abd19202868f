package io.refinery.trainer.evaluation;

import io.refinery.engine.EstimatorSpec;
import io.refinery.engine.EstimatorSpec.Convolution;
import io.refinery.engine.EstimatorSpec.Dense;
import io.refinery.engine.EstimatorSpec.Layer;
import io.refinery.engine.EstimatorSpec.Loss;
import io.refinery.engine.EstimatorSpec.MaxPooling;
import io.refinery.engine.EstimatorSpec.MeanPooling;
import io.refinery.engine.EstimatorSpec.Padding;
import io.refinery.engine.Optimizer;
import io.refinery.image.ImageShape;
import java.util.ArrayList;
import java.util.List;

/** The networks used to evaluate a version, small enough to train on one CPU core. */
final class EvaluationNetworks {

  /** Images per update. */
  static final int BATCH = 32;

  private static final Optimizer ADAM = new Optimizer.Adam(0.001, 0.9, 0.999, 1e-8);
  private static final Optimizer SLOW_ADAM = new Optimizer.Adam(0.0003, 0.9, 0.999, 1e-8);

  /** Maximum places per map in front of a locator's dense layer. */
  private static final int MOST_PLACES = 256;

  private static final int MOST_FILTERS = 64;

  /**
   * Maximum number of values before the dense layer of the paper's gaze estimator; 9,600 for 55x35.
   */
  private static final int MOST_FLAT = 20_000;

  private EvaluationNetworks() {}

  /** Convolutions and pooling until few places remain, for {@code outputs} logits. */
  static EstimatorSpec locator(ImageShape shape, int outputs, long seed) {
    List<Layer> layers = new ArrayList<>();
    int height = shape.height();
    int width = shape.width();
    int filters = 16;
    layers.add(new Convolution(3, filters, Padding.SAME));
    while (height * width > MOST_PLACES && Math.min(height, width) >= 4) {
      layers.add(new MaxPooling(2, 2));
      height /= 2;
      width /= 2;
      filters = Math.min(MOST_FILTERS, 2 * filters);
      layers.add(new Convolution(3, filters, Padding.SAME));
    }
    layers.add(new Convolution(3, filters, Padding.SAME));
    layers.add(new Dense(128));
    return new EstimatorSpec(shape, layers, outputs, Loss.CROSS_ENTROPY, ADAM, BATCH, seed);
  }

  /**
   * A classifier of images by their overall look: convolutions, the mean of every map, {@code
   * features} units.
   */
  static EstimatorSpec classifier(ImageShape shape, int features, int classes, long seed) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Convolution(3, 16, Padding.SAME));
    layers.add(new Convolution(3, 16, Padding.SAME));
    if (Math.min(shape.height(), shape.width()) >= 8) {
      layers.add(new MaxPooling(2, 2));
    }
    layers.add(new Convolution(3, 32, Padding.SAME));
    layers.add(new Convolution(3, 32, Padding.SAME));
    layers.add(new MeanPooling());
    layers.add(new Dense(features));
    return new EstimatorSpec(shape, layers, classes, Loss.CROSS_ENTROPY, ADAM, BATCH, seed);
  }

  /**
   * The gaze estimator of arXiv 1612.07828, section 3.1. On 55x35 its maps before the dense layers
   * are 5x10x192, the 9,600 values of the paper's "fc9600", taken to be their flattened vector.
   */
  static EstimatorSpec gaze(ImageShape shape, long seed) {
    return new EstimatorSpec(
        shape,
        List.of(
            new Convolution(3, 32, Padding.VALID),
            new Convolution(3, 32, Padding.VALID),
            new Convolution(3, 64, Padding.VALID),
            new MaxPooling(3, 2),
            new Convolution(3, 80, Padding.VALID),
            new Convolution(3, 192, Padding.VALID),
            new MaxPooling(2, 2),
            new Dense(1000)),
        3,
        Loss.SQUARED_DISTANCE,
        SLOW_ADAM,
        BATCH,
        seed);
  }

  /** Whether the paper's gaze estimator can be built for such images without growing far larger. */
  static boolean fitsGaze(ImageShape shape) {
    int height = gazeMap(shape.height());
    int width = gazeMap(shape.width());
    return height >= 1 && width >= 1 && (long) height * width * 192 <= MOST_FLAT;
  }

  private static int gazeMap(int side) {
    int pooled = Math.floorDiv(side - 6 - 3, 2) + 1;
    return Math.floorDiv(pooled - 4 - 2, 2) + 1;
  }
}
