package io.refinery.console.doctor;

import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats a report as text. */
final class DoctorReportText {

  private static final double GIB = 1 << 30;

  private DoctorReportText() {}

  /** Returns the lines of the text. */
  static List<String> of(DoctorReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(machine(report.machine()));
    gpus(report.gpus(), lines);
    for (ExaminationResult one : report.examined()) {
      lines.add("");
      examined(one, lines);
    }
    lines.add("");
    report.choices().forEach(choice -> lines.add(choice(choice)));
    return lines;
  }

  private static String machine(Machine machine) {
    return String.format(
        Locale.ROOT,
        "Machine  %s, %d cores, %.1f GiB; %s; Java %s",
        machine.processor(),
        machine.cores(),
        machine.memoryBytes() / GIB,
        machine.system(),
        machine.java());
  }

  private static void gpus(Gpus gpus, List<String> lines) {
    String start = gpus.all().isEmpty() ? "GPUs     none: " : "GPUs     ";
    gpus.trouble().ifPresent(trouble -> lines.add(start + trouble));
    for (Gpu gpu : gpus.all()) {
      lines.add(
          "GPU      %s: %s, compute capability %s, %s, driver %s"
              .formatted(
                  gpu.device(), gpu.name(), gpu.computeCapability(), gpu.memory(), gpu.driver()));
    }
  }

  private static void examined(ExaminationResult one, List<String> lines) {
    lines.add("%s on %s".formatted(one.engine(), one.device()));
    for (EngineUse use : EngineUse.values()) {
      one.to(use).ifPresent(ability -> lines.add("  " + ability(use, ability)));
    }
  }

  private static String ability(EngineUse use, Capability ability) {
    if (ability instanceof Usable usable) {
      return "%s with %s%s"
          .formatted(
              use.thirdPerson(),
              usable.version(),
              usable.perSecond().map(speed -> ": " + speed(speed) + " " + use.unit()).orElse(""));
    }
    if (ability instanceof Unusable unusable) {
      return "cannot %s: %s".formatted(use.verb(), unusable.missing());
    }
    return "cannot %s: not supported by this engine".formatted(use.verb());
  }

  private static String speed(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%.0f", perSecond);
  }

  private static String choice(EngineChoice choice) {
    return "To %s on %s: %s. %s"
        .formatted(
            choice.use().verb(),
            choice.device(),
            choice.engine().orElse("no engine"),
            String.join(" ", choice.others()))
        .strip();
  }
}
