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

/** The table of figures in a report. */
final class ReportFigures {

  private static final String LOWER = "lower";
  private static final String HIGHER = "higher";
  private static final String HALF = "near 0.5";

  /**
   * One line of the table.
   *
   * @param better the better direction; empty if there is none
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
        "Share of real patches that the trained discriminator classifies as real. 0.5 here and in"
            + " the next row: it cannot tell them apart.");
    add(
        "D on refined images",
        report.discriminator().accuracyRefined(),
        "",
        HALF,
        "Share of refined patches that it classifies as refined.");
    report
        .fresh()
        .ifPresent(
            fresh -> {
              add(
                  "Fresh discriminator, refined",
                  fresh.refined(),
                  "",
                  HALF,
                  "Share of images that a discriminator trained from scratch classifies correctly,"
                      + " real against refined.");
              add(
                  "Fresh discriminator, synthetic",
                  fresh.synthetic(),
                  "",
                  "",
                  "The same, real against synthetic: the baseline before refinement.");
            });
    add(
        "Change of a pixel",
        report.change(),
        "levels",
        "",
        "Mean absolute change by refinement, in levels of 255. Near 0, R changes nothing.");
  }

  private void addLabels(Labels labels) {
    add(
        "Shift of labelled points",
        labels.shift().mean(),
        "px",
        LOWER,
        "Mean distance between the positions that a network finds for a point in a synthetic image"
            + " and in the refined one; includes the network's own error, given below.");
    for (Point point : labels.points()) {
      add(
          "Shift of " + point.name(),
          point.shift().mean(),
          "px",
          LOWER,
          "The same for this point; "
              + percentiles(point.shift())
              + ", mean displacement "
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
                "Mean distance between the positions it finds in "
                    + images
                    + " images and their labels; "
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
        "Distance of synthetic images from real ones: the baseline before refinement.");
    add(
        name + ", refined",
        distance.refined(),
        "",
        LOWER,
        "Distance of refined images from real ones. Between two sets of real images: "
            + NumberFormats.text(distance.floor())
            + ".");
    add(
        name + ", gain",
        distance.gain(),
        "",
        HIGHER,
        "Synthetic minus refined. A clear gain if the whole interval is above 0.");
    distance
        .stable()
        .ifPresent(
            stable ->
                add(
                    name + ", stable",
                    stable,
                    "",
                    "",
                    "Distance of images refined by the current stable."));
    distance
        .gainOverStable()
        .ifPresent(
            gain ->
                add(
                    name + ", gain over stable",
                    gain,
                    "",
                    HIGHER,
                    "Stable minus this version. Above 0: this version is closer to real."));
  }

  private void addGaze(EvaluationReport.Gaze gaze) {
    add(
        "Gaze error, synthetic",
        gaze.synthetic().mean(),
        "degrees",
        "",
        "Error on real images of the paper's gaze estimator, trained on synthetic ones; "
            + percentiles(gaze.synthetic())
            + ", "
            + gaze.synthetic().count()
            + " images.");
    add(
        "Gaze error, refined",
        gaze.refined().mean(),
        "degrees",
        LOWER,
        "The same, trained on the same images after refinement; "
            + percentiles(gaze.refined())
            + ".");
    add(
        "Gaze error, gain",
        gaze.gain(),
        "degrees",
        HIGHER,
        "Synthetic minus refined. The paper: 11.2 minus 7.8 degrees on MPIIGaze.");
  }
}
