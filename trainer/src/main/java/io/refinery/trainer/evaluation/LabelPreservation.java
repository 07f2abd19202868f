package io.refinery.trainer.evaluation;

import io.refinery.trainer.evaluation.EvaluationReport.Labels;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.EvaluationPlan.Point;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** Measures whether labelled points stay in place when an image is refined. */
final class LabelPreservation {

  private static final String PART = "labels";
  private static final int STREAM = 1;

  /** Minimum number of labelled images to train a locator. */
  private static final int LEAST_TRAINING = 20;

  private final List<Point> points;
  private final Bootstrap bootstrap;
  private final double[][] inSynthetic;
  private final double[][] inRefined;
  private final Optional<double[][]> inReal;
  private final double[][] syntheticLabels;
  private final Optional<double[][]> realLabels;

  private LabelPreservation(
      List<Point> points,
      LandmarkLocator locator,
      Sample synthetic,
      Sample refined,
      Optional<Sample> real,
      Bootstrap bootstrap) {
    this.points = points;
    this.bootstrap = bootstrap;
    inSynthetic = locator.locate(synthetic.all());
    inRefined = locator.locate(refined.all());
    inReal = real.map(sample -> locator.locate(sample.all()));
    syntheticLabels = places(synthetic, points);
    realLabels = real.map(sample -> places(sample, points));
  }

  static Optional<Labels> measure(
      DomainSample synthetic, Sample refined, Optional<Sample> real, EvaluationContext setting) {
    EvaluationPlan plan = setting.plan();
    if (plan.locatorSteps() == 0) {
      return setting.omit(PART, "evaluation.locatorSteps is 0.");
    }
    List<Point> points = points(plan.points(), synthetic.training());
    if (points.isEmpty()) {
      return setting.omit(PART, whyNone(plan.points(), synthetic));
    }
    double[][] places = places(synthetic.training(), points);
    int[] labelled = IntStream.range(0, places.length).filter(i -> isWhole(places[i])).toArray();
    if (labelled.length < LEAST_TRAINING) {
      return setting.omit(
          PART,
          ("Only %d synthetic training images have labels of all points (%s); a locator needs"
                  + " at least %d.")
              .formatted(
                  labelled.length,
                  String.join(", ", points.stream().map(Point::name).toList()),
                  LEAST_TRAINING));
    }
    double[][] targets = IntStream.of(labelled).mapToObj(i -> places[i]).toArray(double[][]::new);
    try (LandmarkLocator locator =
        LandmarkLocator.train(
            synthetic.training().only(labelled), targets, points, setting, setting.seed(STREAM))) {
      return Optional.of(
          new LabelPreservation(
                  points, locator, synthetic.heldOut(), refined, real, setting.bootstrap())
              .labels());
    }
  }

  /** Returns the first point of each name that has labels here. */
  private static List<Point> points(List<Point> wanted, Sample sample) {
    Map<String, Point> points = new LinkedHashMap<>();
    for (Point point : wanted) {
      if (isLabelled(sample, point.x()) && isLabelled(sample, point.y())) {
        points.putIfAbsent(point.name(), point);
      }
    }
    return List.copyOf(points.values());
  }

  private static boolean isLabelled(Sample sample, String label) {
    return sample.label(label).stream()
        .flatMap(List::stream)
        .anyMatch(row -> row.length == 1 && Double.isFinite(row[0]));
  }

  private static String whyNone(List<Point> wanted, DomainSample synthetic) {
    List<String> pairs =
        wanted.stream().map(point -> point.x() + " and " + point.y()).distinct().toList();
    String problems =
        synthetic.problems().isEmpty()
            ? ""
            : " " + String.join(". ", synthetic.problems().values()) + ".";
    return "The synthetic bundle has no numeric labels "
        + String.join(", nor ", pairs)
        + "; set evaluation.points to the labels that locate a point."
        + problems;
  }

  /** x and y of every point of every image; NaN if there is no label. */
  private static double[][] places(Sample sample, List<Point> points) {
    double[][] places = new double[sample.count()][2 * points.size()];
    for (int i = 0; i < places.length; i++) {
      for (int p = 0; p < points.size(); p++) {
        places[i][2 * p] = value(sample, points.get(p).x(), i);
        places[i][2 * p + 1] = value(sample, points.get(p).y(), i);
      }
    }
    return places;
  }

  private static double value(Sample sample, String label, int image) {
    return sample
        .label(label)
        .map(rows -> rows.get(image))
        .filter(row -> row.length == 1)
        .map(row -> row[0])
        .orElse(Double.NaN);
  }

  private static boolean isWhole(double[] places) {
    return Arrays.stream(places).allMatch(Double::isFinite);
  }

  private Labels labels() {
    int[] all = IntStream.range(0, points.size()).toArray();
    return new Labels(
        ErrorSummary.of(distances(inSynthetic, inRefined, all), bootstrap),
        error(inSynthetic, syntheticLabels, all),
        error(inRefined, syntheticLabels, all),
        inReal.flatMap(places -> error(places, realLabels.orElseThrow(), all)),
        IntStream.of(all).mapToObj(this::point).toList());
  }

  private EvaluationReport.Point point(int p) {
    int[] one = {p};
    return new EvaluationReport.Point(
        points.get(p).name(),
        ErrorSummary.of(distances(inSynthetic, inRefined, one), bootstrap),
        bootstrap.mean(ways(2 * p)),
        bootstrap.mean(ways(2 * p + 1)),
        error(inSynthetic, syntheticLabels, one),
        error(inRefined, syntheticLabels, one),
        inReal.flatMap(places -> error(places, realLabels.orElseThrow(), one)));
  }

  private Optional<ErrorSummary> error(double[][] found, double[][] truth, int[] points) {
    double[][] distances =
        Arrays.stream(distances(found, truth, points))
            .filter(image -> image.length > 0)
            .toArray(double[][]::new);
    return distances.length == 0
        ? Optional.empty()
        : Optional.of(ErrorSummary.of(distances, bootstrap));
  }

  /** The distances per image of the points that both have. */
  private static double[][] distances(double[][] some, double[][] others, int[] points) {
    ToDoubleBiFunction<Integer, Integer> distance =
        (image, p) ->
            Math.hypot(
                some[image][2 * p] - others[image][2 * p],
                some[image][2 * p + 1] - others[image][2 * p + 1]);
    return IntStream.range(0, some.length)
        .mapToObj(
            image ->
                IntStream.of(points)
                    .mapToDouble(p -> distance.applyAsDouble(image, p))
                    .filter(Double::isFinite)
                    .toArray())
        .toArray(double[][]::new);
  }

  private double[] ways(int coordinate) {
    return IntStream.range(0, inSynthetic.length)
        .mapToDouble(i -> inRefined[i][coordinate] - inSynthetic[i][coordinate])
        .toArray();
  }
}
