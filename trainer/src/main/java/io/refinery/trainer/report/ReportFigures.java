package io.refinery.trainer.report;

import io.refinery.trainer.evaluation.ErrorSummary;
import io.refinery.trainer.evaluation.Estimate;
import io.refinery.trainer.evaluation.EvaluationReport;
import io.refinery.trainer.evaluation.EvaluationReport.Distance;
import io.refinery.trainer.evaluation.EvaluationReport.Labels;
import io.refinery.trainer.evaluation.EvaluationReport.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of a report in words. */
final class ReportFigures {

  private static final String LOWER = "lower";
  private static final String HIGHER = "higher";
  private static final String HALF = "near 0.5";

  /**
   * One line of the table.
   *
   * @param better in which direction; empty where neither is
   */
  record Figure(String name, Estimate value, String unit, String better, String meaning) {}

  private final List<Figure> figures = new ArrayList<>();

  private ReportFigures() {}

  static List<Figure> of(EvaluationReport report) {
    ReportFigures all = new ReportFigures();
    all.addNetworks(report);
    report.labels().ifPresent(all::addLabels);
    report
        .realism()
        .ifPresent(
            realism -> {
              all.addDistance("Frechet distance", realism.frechet());
              all.addDistance("Kernel distance", realism.kernel());
            });
    report.gaze().ifPresent(all::addGaze);
    return List.copyOf(all.figures);
  }

  private void add(String name, Estimate value, String unit, String better, String meaning) {
    figures.add(new Figure(name, value, unit, better, meaning));
  }

  private void addNetworks(EvaluationReport report) {
    add(
        "D on real images",
        report.discriminator().accuracyReal(),
        "",
        HALF,
        "Share of patches that the trained discriminator takes for real. 0.5 here and below: it"
            + " cannot tell.");
    add(
        "D on refined images",
        report.discriminator().accuracyRefined(),
        "",
        HALF,
        "Share of patches that it takes for refined.");
    report
        .fresh()
        .ifPresent(
            fresh -> {
              add(
                  "Fresh discriminator, refined",
                  fresh.refined(),
                  "",
                  HALF,
                  "Share of images that a discriminator trained from scratch tells right, real"
                      + " against refined.");
              add(
                  "Fresh discriminator, synthetic",
                  fresh.synthetic(),
                  "",
                  "",
                  "The same, real against synthetic: where refining began.");
            });
    add(
        "Change of a pixel",
        report.change(),
        "levels",
        "",
        "Mean absolute change by refining, of 255 levels. Near 0 nothing happens.");
  }

  private void addLabels(Labels labels) {
    add(
        "Shift of labelled points",
        labels.shift().mean(),
        "px",
        LOWER,
        "Mean distance between where a network finds a point in a synthetic image and where in the"
            + " refined one; its own error below is part of it.");
    for (Point point : labels.points()) {
      add(
          "Shift of " + point.name(),
          point.shift().mean(),
          "px",
          LOWER,
          "The same of this point; "
              + percentiles(point.shift())
              + ", mean way "
              + NumberFormats.text(point.right().value())
              + " to the right and "
              + NumberFormats.text(point.down().value())
              + " down.");
    }
    addLocator("synthetic", labels.locatorSynthetic());
    addLocator("refined", labels.locatorRefined());
    addLocator("real", labels.locatorReal());
  }

  private void addLocator(String images, Optional<ErrorSummary> error) {
    error.ifPresent(
        summary ->
            add(
                "Locator's own error, " + images,
                summary.mean(),
                "px",
                LOWER,
                "Mean distance of what it finds in "
                    + images
                    + " images to their labels; "
                    + percentiles(summary)
                    + ", "
                    + summary.count()
                    + " points."));
  }

  private static String percentiles(ErrorSummary summary) {
    return "median "
        + NumberFormats.text(summary.median().value())
        + ", 95 % below "
        + NumberFormats.text(summary.percentile95());
  }

  private void addDistance(String name, Distance distance) {
    add(
        name + ", synthetic",
        distance.synthetic(),
        "",
        "",
        "How far synthetic images are from real ones, where refining began.");
    add(
        name + ", refined",
        distance.refined(),
        "",
        LOWER,
        "How far refined images are from real ones. Two sets of real images: "
            + NumberFormats.text(distance.floor())
            + ".");
    add(
        name + ", gain",
        distance.gain(),
        "",
        HIGHER,
        "Synthetic less refined. Better by a clear margin where the whole interval is above 0.");
    distance
        .stable()
        .ifPresent(
            stable ->
                add(name + ", stable", stable, "", "", "Of what the present stable refines."));
    distance
        .gainOverStable()
        .ifPresent(
            gain ->
                add(
                    name + ", gain over stable",
                    gain,
                    "",
                    HIGHER,
                    "Stable less this version. Above 0: this version is closer to real."));
  }

  private void addGaze(EvaluationReport.Gaze gaze) {
    add(
        "Gaze error, synthetic",
        gaze.synthetic().mean(),
        "degrees",
        "",
        "The paper's gaze estimator, trained on synthetic images, on real ones; "
            + percentiles(gaze.synthetic())
            + ", "
            + gaze.synthetic().count()
            + " images.");
    add(
        "Gaze error, refined",
        gaze.refined().mean(),
        "degrees",
        LOWER,
        "The same, trained on the same images refined; " + percentiles(gaze.refined()) + ".");
    add(
        "Gaze error, gain",
        gaze.gain(),
        "degrees",
        HIGHER,
        "Synthetic less refined. The paper: 11.2 less 7.8 degrees on MPIIGaze.");
  }
}
