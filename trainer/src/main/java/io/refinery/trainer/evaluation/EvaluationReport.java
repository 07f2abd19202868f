package io.refinery.trainer.evaluation;

import io.refinery.trainer.plan.EvaluationPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The quality of a version, as in {@code report.json}. Intervals are 95 %, over the held-out
 * images. A part that was left out is absent, and {@code omitted} says why.
 *
 * @param seed of all its random choices
 * @param change mean absolute change per pixel by R, in levels of 255
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
   * The number of images that were used.
   *
   * @param syntheticTraining drawn at random from those that R was trained on
   * @param realLabelled 0 if none were given
   */
  public record Images(
      int syntheticHeldOut,
      int realHeldOut,
      int syntheticTraining,
      int realTraining,
      int realLabelled) {}

  /**
   * The D that was trained with R, on held-out images.
   *
   * @param accuracyReal share of the patches of real images that it classifies as real; if it
   *     cannot tell the two apart, this and the next are 0.5
   * @param accuracyRefined share of the patches of refined images that it classifies as refined
   * @param rows of the map of patches
   * @param onReal mean probability that a patch of a real image is refined, row by row
   * @param onRefined the same for refined images
   */
  public record Discriminator(
      Estimate accuracyReal,
      Estimate accuracyRefined,
      int rows,
      int columns,
      List<Double> onReal,
      List<Double> onRefined) {}

  /**
   * Whether labelled points stayed in place, in pixels, as measured by a network that locates them.
   *
   * @param shift distance between the positions found in a synthetic image and in the refined one,
   *     over all points
   * @param locatorSynthetic distance between the positions found in synthetic images and their
   *     labels
   * @param locatorRefined distance between the positions found in refined images and the same
   *     labels
   * @param locatorReal distance between the positions found in real images and their labels
   */
  public record Labels(
      ErrorSummary shift,
      Optional<ErrorSummary> locatorSynthetic,
      Optional<ErrorSummary> locatorRefined,
      Optional<ErrorSummary> locatorReal,
      List<Point> points) {}

  /**
   * The same for one point.
   *
   * @param right mean displacement to the right; random errors average to 0
   * @param down mean displacement downwards
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
   * The distance of images from real ones, on the features of a network that distinguishes real,
   * synthetic, and blurred and noisy versions of both. Each feature is divided by its standard
   * deviation.
   *
   * @param features number of features
   * @param realImages held-out real images that are compared
   * @param otherImages synthetic images, and the same images refined
   */
  public record Realism(
      int features, int realImages, int otherImages, Distance frechet, Distance kernel) {}

  /**
   * Distances to real images; lower is better.
   *
   * @param floor distance between held-out real images and those trained on: the best value to
   *     expect
   * @param gain synthetic minus refined, paired by resample; above 0, R makes images more real
   * @param stable distance of images refined by the version that is currently served
   * @param gainOverStable stable minus refined; above 0, this version is better
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
   * @param refined share of real and refined images that one classifies correctly, both halves
   *     weighted equally; 0.5 if it cannot tell them apart
   * @param synthetic the same for another one on real and synthetic images
   */
  public record Fresh(Estimate refined, Estimate synthetic) {}

  /**
   * The paper's own test (arXiv 1612.07828, section 3.1): its gaze estimator, trained on labelled
   * images, tested on real ones.
   *
   * @param synthetic angles between the labels and the output of the estimator trained on synthetic
   *     images, in degrees
   * @param refined the same for the estimator trained on the same images, refined
   * @param gain mean of synthetic minus refined, paired by image, in degrees
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

  /** Returns the metrics for a version's manifest. */
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
