package io.refinery.trainer.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Decides by a version's metrics whether a channel may move to it. A required metric that is
 * missing or NaN holds the version.
 */
public final class Gate {

  /** How far refinement shifts labelled points, in pixels. */
  public static final String LABEL_SHIFT = "labels.shift.pixels";

  /** Kernel distance of the version's refined images from real ones. */
  public static final String DISTANCE = "distance.kernel.refined";

  /** The same for the version that the channel points to, on the same images and features. */
  public static final String PRESENT_DISTANCE = "distance.kernel.stable";

  private final GateSettings settings;

  public Gate(GateSettings settings) {
    this.settings = settings;
  }

  /** Whether one criterion is met, and the sentence for it. */
  private record Finding(boolean met, String said) {}

  /**
   * @param metrics of the version, by name
   * @param compared whether the channel points to another version; if not, there is no distance to
   *     beat
   */
  public Verdict evaluate(Map<String, Double> metrics, boolean compared) {
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
                    "labels shift by %s pixels; the limit is %s"
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
          true, said + ", and there is no " + settings.channel() + " version to compare with");
    }
    return figure(metrics, PRESENT_DISTANCE)
        .map(
            present ->
                new Finding(
                    distance.get() < present,
                    said + "; the current " + settings.channel() + " has " + text(present)))
        .orElseGet(() -> missing(PRESENT_DISTANCE));
  }

  private static Optional<Double> figure(Map<String, Double> metrics, String name) {
    return Optional.ofNullable(metrics.get(name)).filter(figure -> !figure.isNaN());
  }

  private static Finding missing(String metric) {
    return new Finding(false, "the metric " + metric + " is required but was not measured");
  }

  private static String text(double figure) {
    return String.format(Locale.ROOT, "%.4g", figure);
  }

  private static String sentence(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "No criterion is set.";
    }
    String all = String.join("; ", findings.stream().map(Finding::said).toList());
    return all.substring(0, 1).toUpperCase(Locale.ROOT) + all.substring(1) + ".";
  }
}
