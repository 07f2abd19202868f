package io.refinery.trainer.evaluation;

import io.refinery.bundle.BundleException;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.trainer.evaluation.EvaluationReport.Discriminator;
import io.refinery.trainer.evaluation.EvaluationReport.Images;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.EvaluationPlan.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Evaluates a version. */
public final class Evaluation {

  private static final int SYNTHETIC_STREAM = 10;
  private static final int REAL_STREAM = 11;
  private static final int LABELLED_STREAM = 12;

  /** Images that the report shows. */
  private static final int SHOWN = 8;

  private final EvaluationInput subject;
  private final EvaluationContext setting;
  private final DomainSample synthetic;
  private final DomainSample real;
  private final Optional<Sample> labelledReal;

  private Evaluation(EvaluationInput subject) throws BundleException {
    this.subject = subject;
    EvaluationPlan plan = subject.plan();
    setting =
        new EvaluationContext(
            subject.engine(), subject.device(), plan, subject.seed(), new ArrayList<>());
    Set<String> labels = new LinkedHashSet<>();
    for (Point point : plan.points()) {
      labels.addAll(List.of(point.x(), point.y()));
    }
    labels.add(plan.gaze());
    synthetic = read(subject.synthetic(), subject.syntheticHeldOut(), labels, SYNTHETIC_STREAM);
    real = read(subject.real(), subject.realHeldOut(), Set.of(), REAL_STREAM);
    labelledReal =
        subject.labelledReal().isEmpty()
            ? Optional.empty()
            : Optional.of(
                read(subject.labelledReal().get(), Set.of(), labels, LABELLED_STREAM).training());
  }

  private DomainSample read(
      ImageFeed.Opener opener, Set<Long> heldOut, Set<String> labels, int stream)
      throws BundleException {
    return DomainSample.read(
        opener,
        new DomainSample.Choice(
            heldOut, subject.equalise(), subject.plan().images(), setting.seed(stream)),
        labels);
  }

  /**
   * Reads the bundles once, trains the networks of the plan one after the other, and measures with
   * them. What cannot be measured is left out, and the report says why. Memory is bounded by {@link
   * EvaluationPlan#images()}.
   *
   * @throws BundleException when the images of a bundle cannot be read
   * @throws io.refinery.engine.EngineException when the device fails
   */
  public static EvaluationResult evaluate(EvaluationInput subject) throws BundleException {
    return new Evaluation(subject).evaluate();
  }

  private EvaluationResult evaluate() {
    ImageBatch before = synthetic.heldOut().all();
    ImageBatch after = subject.refiner().apply(before);
    Sample refined = synthetic.heldOut().with(after);
    boolean learns =
        setting.plan().discriminatorSteps() > 0
            || (setting.plan().gazeSteps() > 0 && labelledReal.isPresent());
    Sample refinedTraining =
        learns ? synthetic.training().map(subject.refiner()) : synthetic.training();
    EvaluationReport report =
        new EvaluationReport(
            setting.plan(),
            setting.seed(),
            images(),
            discriminator(after),
            setting.bootstrap().mean(changes(before, after)),
            LabelPreservation.measure(synthetic, refined, labelledReal, setting),
            RealismMeasure.measure(
                real, synthetic, refined, subject.stable().map(synthetic.heldOut()::map), setting),
            FreshDiscriminator.measure(
                real,
                synthetic,
                new DomainSample(refinedTraining, refined, synthetic.problems()),
                setting),
            GazeMeasure.measure(synthetic.training(), refinedTraining, labelledReal, setting),
            setting.omitted());
    ImageBatch shownReal = real.heldOut().all();
    return new EvaluationResult(
        report,
        before.slice(0, Math.min(SHOWN, before.count())),
        after.slice(0, Math.min(SHOWN, after.count())),
        shownReal.slice(0, Math.min(SHOWN, shownReal.count())),
        changePicture(before, after));
  }

  private Images images() {
    return new Images(
        synthetic.heldOut().count(),
        real.heldOut().count(),
        synthetic.training().count(),
        real.training().count(),
        labelledReal.map(Sample::count).orElse(0));
  }

  private Discriminator discriminator(ImageBatch refined) {
    PatchMap map = subject.patches();
    float[] onReal = subject.discriminator().apply(real.heldOut().all());
    float[] onRefined = subject.discriminator().apply(refined);
    return new Discriminator(
        setting.bootstrap().mean(shares(onReal, map, p -> p <= 0.5f)),
        setting.bootstrap().mean(shares(onRefined, map, p -> p > 0.5f)),
        map.height(),
        map.width(),
        means(onReal, map),
        means(onRefined, map));
  }

  /** Returns the share of patches per image that meet the condition. */
  private static double[] shares(
      float[] probabilities, PatchMap map, Function<Float, Boolean> right) {
    return IntStream.range(0, probabilities.length / map.count())
        .mapToDouble(
            image ->
                IntStream.range(0, map.count())
                    .mapToDouble(p -> right.apply(probabilities[image * map.count() + p]) ? 1 : 0)
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private static List<Double> means(float[] probabilities, PatchMap map) {
    int images = probabilities.length / map.count();
    return IntStream.range(0, map.count())
        .mapToObj(
            p ->
                IntStream.range(0, images)
                    .mapToDouble(image -> probabilities[image * map.count() + p])
                    .average()
                    .orElseThrow())
        .toList();
  }

  private static double[] changes(ImageBatch before, ImageBatch after) {
    int values = before.shape().values();
    return IntStream.range(0, before.count())
        .mapToDouble(
            image ->
                IntStream.range(image * values, (image + 1) * values)
                    .mapToDouble(v -> 127.5 * Math.abs(after.pixels()[v] - before.pixels()[v]))
                    .average()
                    .orElseThrow())
        .toArray();
  }

  /** Returns the mean change per pixel over images and channels, in levels. */
  private static List<Double> changePicture(ImageBatch before, ImageBatch after) {
    ImageShape shape = before.shape();
    int plane = shape.height() * shape.width();
    double[] change = new double[plane];
    for (int v = 0; v < before.pixels().length; v++) {
      change[v % plane] += 127.5 * Math.abs(after.pixels()[v] - before.pixels()[v]);
    }
    return Arrays.stream(change)
        .map(sum -> sum / before.count() / shape.channels())
        .boxed()
        .toList();
  }

  /** The sentence for a part that needs more held-out images. */
  static String tooFew(int real, int synthetic, int least) {
    return ("%d real and %d synthetic images were held out, and at least %d of each are needed:"
            + " raise feed.heldOut, or provide more images.")
        .formatted(real, synthetic, least);
  }
}
