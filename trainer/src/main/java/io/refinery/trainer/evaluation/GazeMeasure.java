package io.refinery.trainer.evaluation;

import io.refinery.engine.Estimator;
import io.refinery.trainer.evaluation.Augmentation.Shift;
import io.refinery.trainer.evaluation.EvaluationReport.Gaze;
import io.refinery.trainer.plan.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The paper's own test (arXiv 1612.07828, section 3.1): whether a gaze estimator trained on refined
 * images has a lower error on real ones than one trained on synthetic images.
 */
final class GazeMeasure {

  private static final String PART = "gaze";
  private static final int STREAM = 4;

  /** Minimum number of labelled images in each domain. */
  private static final int LEAST = 20;

  private GazeMeasure() {}

  /**
   * @param refined the images of {@code synthetic}, refined
   */
  static Optional<Gaze> measure(
      Sample synthetic, Sample refined, Optional<Sample> real, EvaluationContext setting) {
    String label = setting.plan().gaze();
    if (setting.plan().gazeSteps() == 0) {
      return setting.omit(PART, "evaluation.gazeSteps is 0.");
    }
    if (real.isEmpty()) {
      return setting.omit(PART, "No labelled real images were given.");
    }
    if (!EvaluationNetworks.fitsGaze(synthetic.shape())) {
      return setting.omit(
          PART,
          "The paper's gaze estimator is for images of about 55x35, not "
              + synthetic.shape()
              + ".");
    }
    int[] training = labelled(synthetic, label);
    int[] test = labelled(real.get(), label);
    if (Math.min(training.length, test.length) < LEAST) {
      return setting.omit(
          PART,
          ("%d synthetic and %d real images have the label '%s', three numbers that are not all 0;"
                  + " at least %d of each are needed.")
              .formatted(training.length, test.length, label, LEAST));
    }
    Sample tested = real.get().only(test);
    double[] ofSynthetic = errors(synthetic.only(training), tested, setting);
    double[] ofRefined = errors(refined.only(training), tested, setting);
    Bootstrap bootstrap = setting.bootstrap();
    double[] gain =
        IntStream.range(0, test.length).mapToDouble(i -> ofSynthetic[i] - ofRefined[i]).toArray();
    return Optional.of(
        new Gaze(
            summary(ofSynthetic, bootstrap), summary(ofRefined, bootstrap), bootstrap.mean(gain)));
  }

  private static ErrorSummary summary(double[] errors, Bootstrap bootstrap) {
    return ErrorSummary.of(
        Arrays.stream(errors).mapToObj(e -> new double[] {e}).toArray(double[][]::new), bootstrap);
  }

  private static int[] labelled(Sample sample, String label) {
    List<double[]> rows = sample.label(label).orElse(List.of());
    return IntStream.range(0, rows.size()).filter(i -> isDirection(rows.get(i))).toArray();
  }

  private static boolean isDirection(double[] row) {
    return row.length == 3 && length(row) > 0 && Double.isFinite(length(row));
  }

  private static double length(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
  }

  /** The error per tested image in degrees, of a network trained on {@code training}. */
  private static double[] errors(Sample training, Sample tested, EvaluationContext setting) {
    long seed = setting.seed(STREAM);
    String label = setting.plan().gaze();
    try (Estimator network = setting.estimator(EvaluationNetworks.gaze(training.shape(), seed))) {
      learn(
          network,
          training,
          training.label(label).orElseThrow(),
          setting.plan().gazeSteps(),
          Seeds.stream(seed, 1));
      float[] found = network.predict(tested.all());
      List<double[]> truth = tested.label(label).orElseThrow();
      return IntStream.range(0, tested.count())
          .mapToDouble(
              i ->
                  degrees(
                      new double[] {found[3 * i], found[3 * i + 1], found[3 * i + 2]},
                      truth.get(i)))
          .toArray();
    }
  }

  private static void learn(
      Estimator network,
      Sample training,
      List<double[]> directions,
      int steps,
      SplittableRandom random) {
    Augmentation augmentation = new Augmentation(2, true, false);
    for (int step = 0; step < steps; step++) {
      int[] drawn = random.ints(EvaluationNetworks.BATCH, 0, training.count()).toArray();
      Shift[] moves = augmentation.moves(drawn.length, random);
      float[] targets = new float[3 * drawn.length];
      for (int i = 0; i < drawn.length; i++) {
        double[] direction = directions.get(drawn[i]);
        for (int c = 0; c < 3; c++) {
          double sign = c == 0 && moves[i].mirrored() ? -1 : 1;
          targets[3 * i + c] = (float) (sign * direction[c] / length(direction));
        }
      }
      network.update(augmentation.apply(training.images(drawn), moves, random), targets);
    }
  }

  /** The angle between two vectors, in degrees; 90 if one has no direction. */
  static double degrees(double[] one, double[] other) {
    double product = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
    }
    double lengths = length(one) * length(other);
    return lengths == 0
        ? 90
        : Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, product / lengths))));
  }
}
