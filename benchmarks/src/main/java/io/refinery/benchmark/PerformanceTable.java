package io.refinery.benchmark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Prints the figures of all engines as Markdown tables: median, minimum and maximum. Ratios are
 * taken round by round, since the machine's speed changes between rounds.
 */
final class PerformanceTable {

  private static final double GIGABYTE = 1e9;

  private final List<Integer> batches;
  private final Map<Contestant, List<EngineFigures>> refining = new LinkedHashMap<>();
  private final Map<Contestant, List<EngineFigures>> training = new LinkedHashMap<>();
  private final List<Double> peaks = new ArrayList<>();

  PerformanceTable(List<Integer> batches) {
    this.batches = batches;
  }

  /** Adds the figures of one round. */
  void add(Contestant contestant, EngineFigures figures) {
    of(figures.training().isPresent())
        .computeIfAbsent(contestant, unknown -> new ArrayList<>())
        .add(figures);
  }

  /** Removes a contestant that has failed. */
  void remove(Contestant contestant, boolean trains) {
    of(trains).remove(contestant);
  }

  private Map<Contestant, List<EngineFigures>> of(boolean trains) {
    return trains ? training : refining;
  }

  /** Adds the device's peak rate in one round, in GFLOP/s. */
  void addPeak(double gigaflops) {
    peaks.add(gigaflops);
  }

  void print(PrintStream out) {
    out.println();
    Stream.of(refining, training)
        .flatMap(measured -> measured.entrySet().stream())
        .map(entry -> entry.getKey().label() + ": " + entry.getValue().get(0).description())
        .distinct()
        .forEach(out::println);
    if (!peaks.isEmpty()) {
      out.println("peak rate of the device, GFLOP/s: " + spread(peaks.size(), peaks::get));
    }
    if (!refining.isEmpty()) {
      printRefining(out);
    }
    if (!training.isEmpty()) {
      printTraining(out);
    }
  }

  private void printRefining(PrintStream out) {
    List<String> head = new ArrayList<>(List.of("images/s"));
    batches.forEach(batch -> head.add("batch " + batch));
    head.add("share of the device's peak rate at batch " + last() + ", %");
    head.addAll(List.of("peak memory, GB", "GPU memory, GB"));
    head(out, head);
    refining.forEach((contestant, rounds) -> row(out, refining(contestant, rounds)));
    List<String> ratios = new ArrayList<>(List.of("ratio of images/s"));
    batches.forEach(batch -> ratios.add("batch " + batch));
    printRatios(
        out,
        ratios,
        refining,
        batches.stream()
            .<ToDoubleFunction<EngineFigures>>map(batch -> figures -> rate(figures, batch))
            .toList());
  }

  private List<String> refining(Contestant contestant, List<EngineFigures> rounds) {
    List<String> cells = new ArrayList<>(List.of(contestant.label()));
    for (int batch : batches) {
      cells.add(spread(rounds.size(), round -> rate(rounds.get(round), batch)));
    }
    cells.add(share(contestant, rounds));
    cells.add(spread(rounds.size(), round -> rounds.get(round).peakBytes() / GIGABYTE));
    cells.add(deviceMemory(rounds));
    return cells;
  }

  private int last() {
    return batches.get(batches.size() - 1);
  }

  private static double rate(EngineFigures figures, int batch) {
    return figures.imagesPerSecond().get(batch);
  }

  /** Returns the share of the device's peak rate; empty if that is unknown. */
  private String share(Contestant contestant, List<EngineFigures> rounds) {
    int known =
        (int)
            IntStream.range(0, rounds.size())
                .takeWhile(round -> deviceRate(contestant, round).isPresent())
                .count();
    return known == 0
        ? ""
        : spread(
            known,
            round ->
                100
                    * rate(rounds.get(round), last())
                    * EyeModel.GIGAFLOP_PER_IMAGE
                    / deviceRate(contestant, round).getAsDouble());
  }

  /** Returns the peak rate in GFLOP/s: of the CPU, or of a matrix product on the GPU by a peer. */
  private OptionalDouble deviceRate(Contestant contestant, int round) {
    return round < peaks.size()
        ? OptionalDouble.of(peaks.get(round))
        : refining.entrySet().stream()
            .filter(other -> other.getKey().precision().equals(contestant.precision()))
            .filter(other -> round < other.getValue().size())
            .mapToDouble(other -> other.getValue().get(round).gigaflops())
            .filter(rate -> rate > 0)
            .max();
  }

  private void printTraining(PrintStream out) {
    head(
        out,
        List.of(
            "a step of Algorithm 1",
            "seconds",
            "CPU seconds",
            "waiting for images, %",
            "steps",
            "seconds of all steps",
            "peak memory, GB",
            "GPU memory, GB"));
    training.forEach((contestant, rounds) -> row(out, training(contestant, rounds)));
    printRatios(
        out,
        List.of("a step of Algorithm 1", "ratio of seconds"),
        training,
        List.of(figures -> 1 / steps(figures).stepsPerSecond()));
  }

  private static TrainingFigures steps(EngineFigures figures) {
    return figures.training().orElseThrow();
  }

  private static List<String> training(Contestant contestant, List<EngineFigures> rounds) {
    List<TrainingFigures> steps = rounds.stream().map(PerformanceTable::steps).toList();
    int count = steps.size();
    return List.of(
        contestant.label(),
        spread(count, round -> 1 / steps.get(round).stepsPerSecond()),
        spread(count, round -> steps.get(round).processorSecondsPerStep()),
        spread(count, round -> steps.get(round).waitedPercent()),
        Long.toString(steps.get(0).steps()),
        spread(count, round -> steps.get(round).seconds()),
        spread(count, round -> steps.get(round).peakGigabytes()),
        deviceMemory(rounds));
  }

  /** Returns the first round's value, since memory is allocated then; empty if unknown. */
  private static String deviceMemory(List<EngineFigures> rounds) {
    double gigabytes = rounds.get(0).deviceBytes() / GIGABYTE;
    return gigabytes == 0 ? "" : String.format(Locale.ROOT, "%.3g", gigabytes);
  }

  /** Prints the ratio of each of our engines to each one it is compared with, if any. */
  private static void printRatios(
      PrintStream out,
      List<String> head,
      Map<Contestant, List<EngineFigures>> measured,
      List<ToDoubleFunction<EngineFigures>> figures) {
    List<List<String>> rows = new ArrayList<>();
    measured.forEach(
        (one, ours) ->
            measured.forEach(
                (other, theirs) -> {
                  if (one.isComparedWith(other)) {
                    rows.add(ratios(one.label() + " / " + other.label(), ours, theirs, figures));
                  }
                }));
    if (!rows.isEmpty()) {
      head(out, head);
      rows.forEach(row -> row(out, row));
    }
  }

  private static List<String> ratios(
      String label,
      List<EngineFigures> ours,
      List<EngineFigures> theirs,
      List<ToDoubleFunction<EngineFigures>> figures) {
    int rounds = Math.min(ours.size(), theirs.size());
    List<String> cells = new ArrayList<>(List.of(label));
    for (ToDoubleFunction<EngineFigures> figure : figures) {
      cells.add(
          spread(
              rounds,
              round ->
                  figure.applyAsDouble(ours.get(round)) / figure.applyAsDouble(theirs.get(round))));
    }
    return cells;
  }

  private static String spread(int rounds, IntToDoubleFunction value) {
    return Spread.of(IntStream.range(0, rounds).mapToDouble(value)).toString();
  }

  /** Prints the header of a table, after a blank line. */
  private static void head(PrintStream out, List<String> cells) {
    out.println();
    row(out, cells);
    row(out, cells.stream().map(column -> "---").toList());
  }

  private static void row(PrintStream out, List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }
}
