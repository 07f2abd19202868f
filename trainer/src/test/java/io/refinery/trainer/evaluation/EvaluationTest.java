package io.refinery.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.image.ImageBatch;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.trainer.evaluation.EvaluationReport.Labels;
import io.refinery.trainer.evaluation.EvaluationReport.Omission;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.EvaluationPlan.Point;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Squares on a black background are synthetic; on a gray, noisy background they are real. */
class EvaluationTest {

  private static final List<Point> POINTS = List.of(Point.of("iris"), Point.of("pupil"));
  private static final EvaluationPlan NOTHING =
      new EvaluationPlan(POINTS, "look_vec", 0, 0, 0, 0, 100, 500);

  @TempDir Path folder;

  private Path synthetic;
  private Path real;

  @BeforeEach
  void makeBundles() throws Exception {
    synthetic = Scenes.bundle(folder.resolve("synthetic.h5"), 150, -0.8, 0, 1);
    real = Scenes.bundle(folder.resolve("real.h5"), 120, -0.2, 0.15, 2);
  }

  @Test
  void theLocatorFindsASquaresCentreWithinAPixelAndMeasuresItsShift() throws Exception {
    EvaluationPlan plan = new EvaluationPlan(POINTS, "look_vec", 250, 0, 0, 0, 100, 500);
    Labels labels = evaluate(plan, images -> shifted(images, 2)).report().labels().orElseThrow();
    assertThat(labels.locatorSynthetic().orElseThrow().mean().value()).isLessThan(1);
    assertThat(labels.locatorReal().orElseThrow().mean().value()).isLessThan(2);
    assertThat(labels.shift().mean().value()).isCloseTo(2, within(0.7));
    assertThat(labels.points()).hasSize(1);
    assertThat(labels.points().get(0).right().value()).isCloseTo(2, within(0.7));
    assertThat(labels.points().get(0).down().value()).isCloseTo(0, within(0.5));
  }

  @Test
  void imagesThatLookRealAreCloserAndHarderToTellApart() throws Exception {
    EvaluationPlan plan = new EvaluationPlan(POINTS, "look_vec", 0, 60, 60, 0, 200, 500);
    EvaluationReport good =
        evaluate(plan, images -> brighter(images, 0.6f, 0.15f), Optional.of(images -> images))
            .report();
    EvaluationReport.Distance frechet = good.realism().orElseThrow().frechet();
    assertThat(frechet.refined().value()).isLessThan(frechet.synthetic().value());
    assertThat(frechet.gain().low()).isPositive();
    assertThat(frechet.stable().orElseThrow()).isEqualTo(frechet.synthetic());
    EvaluationReport.Distance kernel = good.realism().orElseThrow().kernel();
    assertThat(kernel.refined().value()).isLessThan(kernel.synthetic().value());
    assertThat(good.fresh().orElseThrow().synthetic().value()).isGreaterThan(0.9);
    assertThat(good.fresh().orElseThrow().refined().value()).isLessThan(0.85);
    assertThat(good.metrics())
        .containsKeys(
            "distance.frechet.synthetic",
            "distance.frechet.refined",
            "distance.kernel.synthetic",
            "distance.kernel.refined",
            "distance.kernel.stable",
            "discriminator.fresh.accuracy")
        .containsEntry("discriminator.accuracy.real", 0.5)
        .containsEntry("discriminator.accuracy.refined", 0.5);
    assertThat(good.metrics().get("refiner.change.levels")).isCloseTo(76, within(3.0));
  }

  @Test
  void theGazeEstimatorIsTrainedOnBothAndTestedOnReal() throws Exception {
    EvaluationPlan plan = new EvaluationPlan(List.of(), "look_vec", 0, 0, 0, 12, 100, 100);
    EvaluationReport report = evaluate(plan, images -> brighter(images, 0.6f, 0.15f)).report();
    EvaluationReport.Gaze gaze = report.gaze().orElseThrow();
    assertThat(gaze.refined().count()).isEqualTo(100);
    assertThat(gaze.refined().mean().value()).isBetween(1.0, 60.0);
    assertThat(gaze.gain().value())
        .isCloseTo(gaze.synthetic().mean().value() - gaze.refined().mean().value(), within(1e-9));
  }

  @Test
  void theSameSeedMakesTheSameReport() throws Exception {
    EvaluationPlan plan = new EvaluationPlan(POINTS, "look_vec", 4, 4, 4, 2, 20, 40);
    byte[] one = Json.write(evaluate(plan, images -> images).report());
    assertThat(Json.write(evaluate(plan, images -> images).report())).isEqualTo(one);
    EvaluationReport read = Json.mapper().readValue(one, EvaluationReport.class);
    assertThat(Json.write(read)).isEqualTo(one);
    assertThat(read.metrics()).hasSize(14);
  }

  @Test
  void skippedPartsAreReportedWithTheirReason() throws Exception {
    EvaluationReport report = evaluate(NOTHING, images -> images).report();
    assertThat(report.omitted())
        .extracting(Omission::reason)
        .containsExactly(
            "evaluation.locatorSteps is 0.",
            "evaluation.featureSteps is 0.",
            "evaluation.discriminatorSteps is 0.",
            "evaluation.gazeSteps is 0.");
    assertThat(report.metrics())
        .containsOnlyKeys(
            "discriminator.accuracy.real",
            "discriminator.accuracy.refined",
            "refiner.change.levels");
  }

  @Test
  void partsThatTheDataDoNotAllowAreReportedWithTheirReason() throws Exception {
    EvaluationPlan plan =
        new EvaluationPlan(List.of(Point.of("nose")), "look", 1, 1, 1, 1, 20, 500);
    EvaluationReport report =
        Evaluation.evaluate(subject(plan, images -> images, Optional.empty(), Set.of(3L))).report();
    assertThat(report.omitted())
        .extracting(Omission::part)
        .containsExactly("labels", "realism", "fresh", "gaze");
    assertThat(report.omitted().get(0).reason()).contains("no numeric labels nose_x and nose_y");
    assertThat(report.omitted().get(1).reason()).contains("1 real and 15 synthetic images");
    assertThat(report.omitted().get(3).reason()).contains("label 'look'");
  }

  private EvaluationResult evaluate(EvaluationPlan plan, UnaryOperator<ImageBatch> refiner)
      throws Exception {
    return evaluate(plan, refiner, Optional.empty());
  }

  private EvaluationResult evaluate(
      EvaluationPlan plan,
      UnaryOperator<ImageBatch> refiner,
      Optional<UnaryOperator<ImageBatch>> stable)
      throws Exception {
    return Evaluation.evaluate(subject(plan, refiner, stable, Scenes.every(5, 120)));
  }

  private EvaluationInput subject(
      EvaluationPlan plan,
      UnaryOperator<ImageBatch> refiner,
      Optional<UnaryOperator<ImageBatch>> stable,
      Set<Long> realHeldOut) {
    return new EvaluationInput(
        Scenes.opener(synthetic),
        Scenes.every(10, 150),
        Scenes.opener(real),
        realHeldOut,
        Optional.of(Scenes.opener(real)),
        false,
        refiner,
        EvaluationTest::undecided,
        new PatchMap(1, 2),
        stable,
        EngineSelection.training("dl4j", Device.cpu(), EngineOptions.DEFAULTS).engine(),
        Device.cpu(),
        plan,
        1);
  }

  /** Classifies the left half as real and the right half as refined. */
  private static float[] undecided(ImageBatch images) {
    float[] probabilities = new float[2 * images.count()];
    for (int i = 1; i < probabilities.length; i += 2) {
      probabilities[i] = 1;
    }
    return probabilities;
  }

  private static ImageBatch brighter(ImageBatch images, float by, float noise) {
    SplittableRandom random = new SplittableRandom(9);
    float[] pixels = images.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      float value = pixels[i] + by + (float) random.nextDouble(-noise, noise);
      pixels[i] = Math.max(-1, Math.min(1, value));
    }
    return new ImageBatch(images.count(), images.shape(), pixels);
  }

  private static ImageBatch shifted(ImageBatch images, int right) {
    Augmentation.Shift[] moves = new Augmentation.Shift[images.count()];
    Arrays.fill(moves, new Augmentation.Shift(false, right, 0));
    return Augmentation.moved(images, moves);
  }
}
