package io.refinery.trainer.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Judges a version by its metrics. A figure that is asked for and missing, or NaN, holds it. */
public final class Gate {

  /** By how much labels shift when their images are refined, in pixels. */
  public static final String LABEL_SHIFT = "labels.shift.pixels";

  /** Kernel distance of the version's refined images from real ones. */
  public static final String DISTANCE = "distance.kernel.refined";

  /**
   * The same of the version that the channel points to, measured on the same images and features.
   */
  public static final String PRESENT_DISTANCE = "distance.kernel.stable";

  private final GateSettings settings;

  public Gate(GateSettings settings) {
    this.settings = settings;
  }

  /** Whether one criterion is met, and how that is said. */
  private record Finding(boolean met, String said) {}

  /**
   * @param metrics of the version, by name
   * @param compared whether the channel points to another version; where it does not, there is
   *     nothing that the distance must be lower than
   */
  public Verdict judge(Map<String, Double> metrics, boolean compared) {
    List<Finding> findings = new ArrayList<>();
    settings.maxLabelShift().ifPresent(most -> findings.add(labelShift(metrics, most)));
    if (settings.betterDistance()) {
      findings.add(distance(metrics, compared));
    }
    List<Finding> unmet = findings.stream().filter(finding -> !finding.met()).toList();
    return unmet.isEmpty()
        ? new Verdict.Passed(sentence(findings))
        : new Verdict.Held(sentence(unmet));
  }

  private static Finding labelShift(Map<String, Double> metrics, double most) {
    return figure(metrics, LABEL_SHIFT)
        .map(
            shift ->
                new Finding(
                    shift <= most,
                    "labels shift by %s pixels, and %s are let through"
                        .formatted(text(shift), text(most))))
        .orElseGet(() -> missing(LABEL_SHIFT));
  }

  private Finding distance(Map<String, Double> metrics, boolean compared) {
    Optional<Double> distance = figure(metrics, DISTANCE);
    if (distance.isEmpty()) {
      return missing(DISTANCE);
    }
    String said = "the distance from real images is " + text(distance.get());
    if (!compared) {
      return new Finding(
          true, said + ", and there is no " + settings.channel() + " to compare it with");
    }
    return figure(metrics, PRESENT_DISTANCE)
        .map(
            present ->
                new Finding(
                    distance.get() < present,
                    said + ", that of the present " + settings.channel() + " " + text(present)))
        .orElseGet(() -> missing(PRESENT_DISTANCE));
  }

  private static Optional<Double> figure(Map<String, Double> metrics, String name) {
    return Optional.ofNullable(metrics.get(name)).filter(figure -> !figure.isNaN());
  }

  private static Finding missing(String metric) {
    return new Finding(false, "the metric " + metric + " is asked for and was not measured");
  }

  private static String text(double figure) {
    return String.format(Locale.ROOT, "%.4g", figure);
  }

  private static String sentence(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "Nothing is asked for.";
    }
    String all = String.join("; ", findings.stream().map(Finding::said).toList());
    return all.substring(0, 1).toUpperCase(Locale.ROOT) + all.substring(1) + ".";
  }
}
