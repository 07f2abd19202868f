package io.refinery.benchmark;

import io.refinery.image.ImageShape;
import io.refinery.trainer.plan.Preset;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Prints the figures of all presets as a Markdown table: median, minimum and maximum. */
final class TrainingTable {

  /**
   * The figures of one preset.
   *
   * @param torch as many figures as {@code ours}, or none
   */
  record Measured(
      ImageShape shape, int batch, List<TrainingFigures> ours, List<TrainingFigures> torch) {}

  private final boolean withTorch;
  private final List<String> rows = new ArrayList<>();

  /**
   * Starts a table.
   *
   * @param withTorch whether there are figures of PyTorch to compare with
   */
  TrainingTable(boolean withTorch) {
    this.withTorch = withTorch;
    List<String> head =
        new ArrayList<>(
            List.of(
                "preset",
                "mini-batch",
                "steps/s",
                "CPU s per step",
                "waiting, %",
                "peak memory, GB"));
    if (withTorch) {
      head.addAll(
          List.of(
              "PyTorch: steps/s",
              "CPU s per step",
              "peak memory, GB",
              "ratio of steps/s",
              "of CPU s",
              "of memory"));
    }
    row(head);
    row(head.stream().map(column -> "---").toList());
  }

  void add(Preset preset, Measured measured) {
    List<TrainingFigures> ours = measured.ours();
    List<TrainingFigures> torch = measured.torch();
    int wanted = preset.plan().schedule().batch();
    List<String> cells = new ArrayList<>();
    cells.add(preset.name());
    cells.add(
        "%d%s of %s"
            .formatted(
                measured.batch(),
                measured.batch() == wanted ? "" : " instead of " + wanted,
                measured.shape()));
    cells.add(spread(ours, TrainingFigures::stepsPerSecond));
    cells.add(spread(ours, TrainingFigures::processorSecondsPerStep));
    cells.add(spread(ours, TrainingFigures::waitedPercent));
    cells.add(spread(ours, TrainingFigures::peakGigabytes));
    if (withTorch) {
      cells.add(spread(torch, TrainingFigures::stepsPerSecond));
      cells.add(spread(torch, TrainingFigures::processorSecondsPerStep));
      cells.add(spread(torch, TrainingFigures::peakGigabytes));
      cells.add(ratio(ours, torch, TrainingFigures::stepsPerSecond));
      cells.add(ratio(ours, torch, TrainingFigures::processorSecondsPerStep));
      cells.add(ratio(ours, torch, TrainingFigures::peakGigabytes));
    }
    row(cells);
  }

  private static String spread(
      List<TrainingFigures> figures, ToDoubleFunction<TrainingFigures> value) {
    return Spread.of(figures.stream().mapToDouble(value)).toString();
  }

  /** Computes the ratio round by round, since the machine's speed changes between rounds. */
  private static String ratio(
      List<TrainingFigures> ours,
      List<TrainingFigures> torch,
      ToDoubleFunction<TrainingFigures> value) {
    return Spread.of(
            IntStream.range(0, ours.size())
                .mapToDouble(
                    round ->
                        value.applyAsDouble(ours.get(round))
                            / value.applyAsDouble(torch.get(round))))
        .toString();
  }

  private void row(List<String> cells) {
    rows.add("| " + String.join(" | ", cells) + " |");
  }

  void print(PrintStream out) {
    rows.forEach(out::println);
  }
}
