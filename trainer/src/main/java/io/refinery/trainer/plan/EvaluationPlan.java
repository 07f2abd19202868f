package io.refinery.trainer.plan;

import java.util.List;

/**
 * How a version is judged. Every part trains a small network of its own; 0 steps leave it out. The
 * figures are of images that were kept from training.
 *
 * @param points labels that say where something is in an image, in pixels. Of several of one name
 *     the first that a bundle has counts. Default: {@code iris} and {@code pupil}, by {@code
 *     iris_x} and {@code iris_y} or the columns of {@code iris_center}, and likewise
 * @param gaze label with the direction of gaze, three numbers an image. Default {@code look_vec}
 * @param locatorSteps updates of the network that finds the points, on mini-batches of 32. Default
 *     600
 * @param featureSteps updates of the network whose features the distances are taken on, on
 *     mini-batches of 32. Default 300
 * @param discriminatorSteps updates of a fresh discriminator that learns to tell real from refined,
 *     on twice 16 images. Default 200
 * @param gazeSteps updates of each of the two gaze estimators, on mini-batches of 32; only where
 *     labelled real images are given. Default 100
 * @param resamples of every bootstrap interval. Default 1,000
 * @param images most images of a domain that these networks learn from. Default 2,048
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
   * A point that two labels give, in pixels from the centre of the upper left pixel.
   *
   * @param mirrored name of the point that it becomes when an image is mirrored left to right: its
   *     own, but for one of a pair
   */
  public record Point(String name, String x, String y, String mirrored) {

    /** Labels {@code name_x} and {@code name_y}; its own mirror image. */
    public static Point of(String name) {
      return new Point(name, name + "_x", name + "_y", name);
    }
  }

  /** By the two columns of a label such as the simulator's {@code iris_center}. */
  private static Point centre(String name) {
    return new Point(name, name + "_center_0", name + "_center_1", name);
  }

  public EvaluationPlan {
    points = List.copyOf(points);
    if (locatorSteps < 0 || featureSteps < 0 || discriminatorSteps < 0 || gazeSteps < 0) {
      throw new IllegalArgumentException("Steps of the evaluation are 0 or more");
    }
    if (resamples < 1 || images < 1) {
      throw new IllegalArgumentException(
          "evaluation.resamples and evaluation.images are at least 1");
    }
  }
}
