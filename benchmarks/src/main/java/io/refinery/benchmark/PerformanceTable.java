package io.refinery.benchmark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The figures of all engines as tables in Markdown: medians, and from the least to the most. Ratios
 * are taken round by round, since the machine's speed changes between rounds.
 */
final class PerformanceTable {

  private final List<Integer> batches;
  private final List<String> peers;
  private final Map<String, List<EngineFigures>> measured = new LinkedHashMap<>();
  private final List<Double> peaks = new ArrayList<>();

  /**
   * @param peers names of those that the others are compared with
   */
  PerformanceTable(List<Integer> batches, List<String> peers) {
    this.batches = batches;
    this.peers = peers;
  }

  /** One more round of one engine. */
  void add(String name, EngineFigures figures) {
    measured.computeIfAbsent(name, unknown -> new ArrayList<>()).add(figures);
    if (figures.gigaflops() > 0) {
      peaks.add(figures.gigaflops());
    }
  }

  /** The device's own rate in one more round, in GFLOP/s. */
  void addPeak(double gigaflops) {
    peaks.add(gigaflops);
  }

  void print(PrintStream out) {
    out.println();
    measured.forEach((name, rounds) -> out.println(name + ": " + rounds.get(0).description()));
    if (!peaks.isEmpty()) {
      out.println("the device's own rate, GFLOP/s: " + spread(peaks.size(), peaks::get));
    }
    out.println();
    printRefining(out);
    out.println();
    printTraining(out);
  }

  private void printRefining(PrintStream out) {
    List<String> head = new ArrayList<>(List.of("images/s"));
    batches.forEach(batch -> head.add("batch " + batch));
    batches.forEach(batch -> head.add("over the fastest peer, " + batch));
    head.add("share of the device's rate at " + last() + ", %");
    head.add("peak memory, GB");
    row(out, head);
    row(out, head.stream().map(column -> "---").toList());
    measured.forEach((name, rounds) -> row(out, refining(name, rounds)));
  }

  private List<String> refining(String name, List<EngineFigures> rounds) {
    List<String> cells = new ArrayList<>(List.of(name));
    for (int batch : batches) {
      cells.add(spread(rounds.size(), round -> rate(rounds.get(round), batch)));
    }
    for (int batch : batches) {
      boolean compared = !peers.contains(name) && fastestPeer(0, batch).isPresent();
      cells.add(
          compared
              ? spread(
                  rounds.size(),
                  round -> rate(rounds.get(round), batch) / fastestPeer(round, batch).getAsDouble())
              : "");
    }
    cells.add(
        peaks.size() < rounds.size()
            ? ""
            : spread(
                rounds.size(),
                round ->
                    100
                        * rate(rounds.get(round), last())
                        * Eyes.GIGAFLOP_PER_IMAGE
                        / peaks.get(round)));
    cells.add(spread(rounds.size(), round -> rounds.get(round).peakBytes() / 1e9));
    return cells;
  }

  private int last() {
    return batches.get(batches.size() - 1);
  }

  private static double rate(EngineFigures figures, int batch) {
    return figures.imagesPerSecond().get(batch);
  }

  private OptionalDouble fastestPeer(int round, int batch) {
    return peers.stream()
        .filter(measured::containsKey)
        .mapToDouble(peer -> rate(measured.get(peer).get(round), batch))
        .max();
  }

  private void printTraining(PrintStream out) {
    List<String> head =
        List.of(
            "a step of Algorithm 1",
            "seconds",
            "processor seconds",
            "seconds over the fastest peer's",
            "peak memory, GB");
    row(out, head);
    row(out, head.stream().map(column -> "---").toList());
    measured.forEach(
        (name, rounds) -> {
          if (rounds.get(0).training().isPresent()) {
            row(out, training(name, rounds));
          }
        });
  }

  private List<String> training(String name, List<EngineFigures> rounds) {
    List<TrainingFigures> steps =
        rounds.stream().map(figures -> figures.training().orElseThrow()).toList();
    boolean compared = !peers.contains(name) && fastestStep(0).isPresent();
    return List.of(
        name,
        spread(steps, figures -> 1 / figures.stepsPerSecond()),
        spread(steps, TrainingFigures::processorSecondsPerStep),
        compared
            ? spread(
                steps.size(),
                round -> 1 / steps.get(round).stepsPerSecond() / fastestStep(round).getAsDouble())
            : "",
        spread(steps, TrainingFigures::peakGigabytes));
  }

  private OptionalDouble fastestStep(int round) {
    return peers.stream()
        .filter(measured::containsKey)
        .flatMap(peer -> measured.get(peer).get(round).training().stream())
        .mapToDouble(figures -> 1 / figures.stepsPerSecond())
        .min();
  }

  private static String spread(
      List<TrainingFigures> figures, ToDoubleFunction<TrainingFigures> value) {
    return Spread.of(figures.stream().mapToDouble(value)).toString();
  }

  private static String spread(int rounds, IntToDoubleFunction value) {
    return Spread.of(IntStream.range(0, rounds).mapToDouble(value)).toString();
  }

  private static void row(PrintStream out, List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }
}
