package io.refinery.trainer.evaluation;

import io.refinery.engine.Estimator;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.evaluation.Augmentation.Shift;
import io.refinery.trainer.plan.EvaluationPlan.Point;
import io.refinery.trainer.plan.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Finds labelled points in images. It is trained on synthetic images in many tones, so that a
 * change of look alone does not move its points.
 *
 * <p>It predicts a distribution over pixels for each coordinate of a point (SimCC, arXiv
 * 2107.03332) and takes its mean. With few training images, this is more accurate than regressing
 * the coordinate.
 */
final class LandmarkLocator implements AutoCloseable {

  /** Standard deviation of the target distribution around a label, in pixels. */
  private static final double SPREAD = 1.5;

  /** Views of an image whose predictions are averaged. */
  private static final List<Shift> VIEWS =
      List.of(
          Shift.NONE, new Shift(false, 2, 1), new Shift(false, -2, -1), new Shift(false, 1, -2));

  private final List<Point> points;
  private final boolean mirrors;
  private final ImageShape shape;
  private final int shift;
  private final Estimator network;

  private LandmarkLocator(
      List<Point> points, ImageShape shape, EvaluationContext setting, long seed) {
    this.points = points;
    this.shape = shape;
    this.shift = Math.max(1, Math.min(shape.height(), shape.width()) / 10);
    this.network =
        setting.estimator(EvaluationNetworks.locator(shape, points.size() * bins(), seed));
    this.mirrors = points.stream().allMatch(point -> mirrorImage(points, point) >= 0);
  }

  private static int mirrorImage(List<Point> points, Point point) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).name().equals(point.mirrored())) {
        return i;
      }
    }
    return -1;
  }

  /**
   * @param labelled at least one image, with labels for every point
   * @param places x and y of every point of every image, in pixels
   */
  static LandmarkLocator train(
      Sample labelled,
      double[][] places,
      List<Point> points,
      EvaluationContext setting,
      long seed) {
    LandmarkLocator locator = new LandmarkLocator(points, labelled.shape(), setting, seed);
    try {
      locator.learn(labelled, places, setting.plan().locatorSteps(), Seeds.stream(seed, 1));
      return locator;
    } catch (RuntimeException e) {
      locator.close();
      throw e;
    }
  }

  private void learn(Sample labelled, double[][] places, int steps, SplittableRandom random) {
    Augmentation augmentation = new Augmentation(shift, mirrors, true);
    for (int step = 0; step < steps; step++) {
      int[] drawn = random.ints(EvaluationNetworks.BATCH, 0, labelled.count()).toArray();
      Shift[] moves = augmentation.moves(drawn.length, random);
      float[] targets = new float[drawn.length * points.size() * bins()];
      int at = 0;
      for (int i = 0; i < drawn.length; i++) {
        double[] moved = there(places[drawn[i]], moves[i]);
        for (int c = 0; c < moved.length; c++) {
          putLikely(moved[c], size(c), targets, at);
          at += size(c);
        }
      }
      network.update(augmentation.apply(labelled.images(drawn), moves, random), targets);
    }
  }

  /**
   * Bins of a coordinate: the image's pixels, and the margin into which a shift may move a point.
   */
  private int size(int coordinate) {
    return (coordinate % 2 == 0 ? shape.width() : shape.height()) + 2 * shift;
  }

  /** Bins of both coordinates of a point. */
  private int bins() {
    return size(0) + size(1);
  }

  /** Writes a Gaussian around {@code place}; the targets of all coordinates sum to 1. */
  private void putLikely(double place, int size, float[] targets, int at) {
    double clamped = Math.max(0, Math.min(size - 1, place + shift));
    double[] likely = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      likely[i] = Math.exp(-(i - clamped) * (i - clamped) / (2 * SPREAD * SPREAD));
      sum += likely[i];
    }
    for (int i = 0; i < size; i++) {
      targets[at + i] = (float) (likely[i] / sum / (2 * points.size()));
    }
  }

  /** The mean position under the softmax of {@code size} logits. */
  private double place(float[] logits, int at, int size) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, logits[at + i]);
    }
    double sum = 0;
    double mean = 0;
    for (int i = 0; i < size; i++) {
      double likely = Math.exp(logits[at + i] - most);
      sum += likely;
      mean += likely * i;
    }
    return mean / sum - shift;
  }

  /** The points of an image after a move. */
  private double[] there(double[] places, Shift move) {
    double[] moved = new double[places.length];
    for (int p = 0; p < points.size(); p++) {
      int from = move.mirrored() ? mirrorImage(points, points.get(p)) : p;
      moved[2 * p] = move.x(places[2 * from], shape.width());
      moved[2 * p + 1] = move.y(places[2 * from + 1]);
    }
    return moved;
  }

  /**
   * Locates the points.
   *
   * @return x and y of every point of every image, in pixels
   */
  double[][] locate(ImageBatch images) {
    List<Shift> views = new ArrayList<>(VIEWS);
    if (mirrors) {
      VIEWS.forEach(view -> views.add(new Shift(true, view.right(), view.down())));
    }
    double[][] sums = new double[images.count()][2 * points.size()];
    for (Shift view : views) {
      Shift[] moves = new Shift[images.count()];
      Arrays.fill(moves, view);
      float[] found = network.predict(Augmentation.moved(images, moves));
      for (int i = 0; i < sums.length; i++) {
        addBack(found, i * points.size() * bins(), view, views.size(), sums[i]);
      }
    }
    return sums;
  }

  private void addBack(float[] found, int start, Shift view, int views, double[] sum) {
    for (int p = 0; p < points.size(); p++) {
      int to = view.mirrored() ? mirrorImage(points, points.get(p)) : p;
      double x = place(found, start + p * bins(), size(0));
      double y = place(found, start + p * bins() + size(0), size(1));
      sum[2 * to] += view.originX(x, shape.width()) / views;
      sum[2 * to + 1] += view.originY(y) / views;
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
