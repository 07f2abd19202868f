package io.refinery.trainer.evaluation;

import io.refinery.trainer.plan.EvaluationPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good a version is: {@code report.json}. Intervals are of 95 %, over the images that were kept
 * from training. A part that was left out is absent, and {@code omitted} says why.
 *
 * @param seed of everything random in it
 * @param change mean absolute change of a pixel by R, in levels of 255
 */
public record EvaluationReport(
    EvaluationPlan plan,
    long seed,
    Images images,
    Discriminator discriminator,
    Estimate change,
    Optional<Labels> labels,
    Optional<Realism> realism,
    Optional<Fresh> fresh,
    Optional<Gaze> gaze,
    List<Omission> omitted) {

  /**
   * How many images it is of.
   *
   * @param syntheticTraining of those that R was trained on, drawn at random
   * @param realLabelled 0 where none were given
   */
  public record Images(
      int syntheticHeldOut,
      int realHeldOut,
      int syntheticTraining,
      int realTraining,
      int realLabelled) {}

  /**
   * The D that was trained with R, on images that it never saw.
   *
   * @param accuracyReal share of the patches of real images that it takes for real; 0.5 beside the
   *     next where it cannot tell
   * @param accuracyRefined share of the patches of refined images that it takes for refined
   * @param rows of the map of patches
   * @param onReal mean probability of every patch of real images that it is refined, row by row
   * @param onRefined the same of refined images
   */
  public record Discriminator(
      Estimate accuracyReal,
      Estimate accuracyRefined,
      int rows,
      int columns,
      List<Double> onReal,
      List<Double> onRefined) {}

  /**
   * Whether what is labelled stayed where it was, in pixels, by a network that finds it.
   *
   * @param shift distance between where it is found in a synthetic image and in the refined one,
   *     over all points
   * @param locatorSynthetic distance of what the locator finds in synthetic images to their labels
   * @param locatorRefined distance of what it finds in refined images to the same labels
   * @param locatorReal distance of what it finds in real images to their labels
   */
  public record Labels(
      ErrorSummary shift,
      Optional<ErrorSummary> locatorSynthetic,
      Optional<ErrorSummary> locatorRefined,
      Optional<ErrorSummary> locatorReal,
      List<Point> points) {}

  /**
   * The same of one point.
   *
   * @param right mean way of the point to the right, which chance brings to 0
   * @param down mean way of the point downwards
   */
  public record Point(
      String name,
      ErrorSummary shift,
      Estimate right,
      Estimate down,
      Optional<ErrorSummary> locatorSynthetic,
      Optional<ErrorSummary> locatorRefined,
      Optional<ErrorSummary> locatorReal) {}

  /**
   * How far images are from real ones, by the features of a network that tells real from synthetic,
   * and either from blurred and noisy, each divided by its standard deviation.
   *
   * @param features how many there are
   * @param realImages that were kept from training and are compared
   * @param otherImages synthetic ones, and the same refined
   */
  public record Realism(
      int features, int realImages, int otherImages, Distance frechet, Distance kernel) {}

  /**
   * Distances to real images; lower is better.
   *
   * @param floor of real images that were trained on: what is reached where all look alike
   * @param gain synthetic less refined, of one resample: above 0 R makes images more real
   * @param stable of what the version that is served now refines
   * @param gainOverStable stable less refined: above 0 this version is better
   */
  public record Distance(
      Estimate synthetic,
      Estimate refined,
      Estimate gain,
      double floor,
      Optional<Estimate> stable,
      Optional<Estimate> gainOverStable) {}

  /**
   * Discriminators that were trained from scratch for this report.
   *
   * @param refined share of real and refined images that one tells right, both halves weighing the
   *     same; 0.5 where it cannot tell
   * @param synthetic the same of another one for real and synthetic images
   */
  public record Fresh(Estimate refined, Estimate synthetic) {}

  /**
   * The paper's own test (arXiv 1612.07828, section 3.1): its gaze estimator, trained on labelled
   * images, on real ones.
   *
   * @param synthetic angles between what the one that was trained on synthetic images says and the
   *     labels, in degrees
   * @param refined of the one that was trained on the same images, refined
   * @param gain mean synthetic less refined, of one resample, in degrees
   */
  public record Gaze(ErrorSummary synthetic, ErrorSummary refined, Estimate gain) {}

  /**
   * @param part that is absent
   * @param reason a sentence
   */
  public record Omission(String part, String reason) {}

  public EvaluationReport {
    omitted = List.copyOf(omitted);
  }

  /** Figures for a version's manifest. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("discriminator.accuracy.real", discriminator.accuracyReal().value());
    metrics.put("discriminator.accuracy.refined", discriminator.accuracyRefined().value());
    metrics.put("refiner.change.levels", change.value());
    labels.ifPresent(part -> put(metrics, part));
    realism.ifPresent(
        part -> {
          put(metrics, "distance.frechet.", part.frechet());
          put(metrics, "distance.kernel.", part.kernel());
        });
    fresh.ifPresent(part -> metrics.put("discriminator.fresh.accuracy", part.refined().value()));
    gaze.ifPresent(
        part -> {
          metrics.put("gaze.error.synthetic.degrees", part.synthetic().mean().value());
          metrics.put("gaze.error.refined.degrees", part.refined().mean().value());
        });
    return metrics;
  }

  private static void put(Map<String, Double> metrics, Labels labels) {
    metrics.put("labels.shift.pixels", labels.shift().mean().value());
    for (Point point : labels.points()) {
      metrics.put("labels.shift." + point.name() + ".pixels", point.shift().mean().value());
    }
    labels
        .locatorSynthetic()
        .ifPresent(error -> metrics.put("locator.error.synthetic.pixels", error.mean().value()));
    labels
        .locatorReal()
        .ifPresent(error -> metrics.put("locator.error.real.pixels", error.mean().value()));
  }

  private static void put(Map<String, Double> metrics, String prefix, Distance distance) {
    metrics.put(prefix + "synthetic", distance.synthetic().value());
    metrics.put(prefix + "refined", distance.refined().value());
    distance.stable().ifPresent(stable -> metrics.put(prefix + "stable", stable.value()));
  }
}
