package io.refinery.trainer.plan;

import java.util.List;

/**
 * How a version is evaluated. Each part trains a small network of its own; 0 steps skip it. Figures
 * are measured on held-out images.
 *
 * @param points points that labels locate in an image, in pixels. If several have the same name,
 *     the first one that a bundle has labels for is used. Default: {@code iris} and {@code pupil},
 *     by {@code iris_x} and {@code iris_y} or the columns of {@code iris_center}, and likewise for
 *     the pupil
 * @param gaze label with the gaze direction, three numbers per image. Default {@code look_vec}
 * @param locatorSteps updates of the network that finds the points, on mini-batches of 32. Default
 *     600
 * @param featureSteps updates of the network whose features the distances are computed on, on
 *     mini-batches of 32. Default 300
 * @param discriminatorSteps updates of a fresh discriminator that learns to tell real from refined,
 *     on 16 images of each. Default 200
 * @param gazeSteps updates of each of the two gaze estimators, on mini-batches of 32; only if
 *     labelled real images are given. Default 100
 * @param resamples per bootstrap interval. Default 1,000
 * @param images maximum number of images per domain that these networks learn from. Default 2,048
 */
public record EvaluationPlan(
    List<Point> points,
    String gaze,
    int locatorSteps,
    int featureSteps,
    int discriminatorSteps,
    int gazeSteps,
    int resamples,
    int images) {

  public static final EvaluationPlan DEFAULT =
      new EvaluationPlan(
          List.of(Point.of("iris"), centre("iris"), Point.of("pupil"), centre("pupil")),
          "look_vec",
          600,
          300,
          200,
          100,
          1000,
          2048);

  /**
   * A point given by two labels, in pixels from the centre of the upper left pixel.
   *
   * @param mirrored name of the point that it becomes when an image is mirrored left to right: its
   *     own name, unless it is one of a pair
   */
  public record Point(String name, String x, String y, String mirrored) {

    /**
     * Returns the point with labels {@code name_x} and {@code name_y} that is its own mirror image.
     */
    public static Point of(String name) {
      return new Point(name, name + "_x", name + "_y", name);
    }
  }

  /** The point given by the two columns of a label such as the simulator's {@code iris_center}. */
  private static Point centre(String name) {
    return new Point(name, name + "_center_0", name + "_center_1", name);
  }

  public EvaluationPlan {
    points = List.copyOf(points);
    if (locatorSteps < 0 || featureSteps < 0 || discriminatorSteps < 0 || gazeSteps < 0) {
      throw new IllegalArgumentException("The steps of an evaluation must be 0 or more");
    }
    if (resamples < 1 || images < 1) {
      throw new IllegalArgumentException(
          "evaluation.resamples and evaluation.images must be at least 1");
    }
  }
}
