package io.refinery.benchmark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The figures of all engines as tables in Markdown: medians, and from the least to the most. Ratios
 * are taken round by round, since the machine's speed changes between rounds.
 */
final class PerformanceTable {

  private final List<Integer> batches;
  private final List<Contestant> peers;
  private final Map<Contestant, List<EngineFigures>> measured = new LinkedHashMap<>();
  private final List<Double> peaks = new ArrayList<>();

  /**
   * @param peers with whom the others of the same precision are compared
   */
  PerformanceTable(List<Integer> batches, List<Contestant> peers) {
    this.batches = batches;
    this.peers = peers;
  }

  /** One more round of one of them. */
  void add(Contestant contestant, EngineFigures figures) {
    measured.computeIfAbsent(contestant, unknown -> new ArrayList<>()).add(figures);
  }

  /** The device's own rate in one more round, in GFLOP/s. */
  void addPeak(double gigaflops) {
    peaks.add(gigaflops);
  }

  void print(PrintStream out) {
    out.println();
    measured.forEach(
        (contestant, rounds) ->
            out.println(contestant.label() + ": " + rounds.get(0).description()));
    if (!peaks.isEmpty()) {
      out.println(
          "the device's own rate, GFLOP/s: " + Spread.of(peaks.stream().mapToDouble(rate -> rate)));
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
    if (!batches.isEmpty()) {
      head.add("share of the device's rate at " + last() + ", %");
    }
    head.addAll(List.of("peak memory, GB", "of the GPU, GB"));
    row(out, head);
    row(out, head.stream().map(column -> "---").toList());
    measured.forEach((contestant, rounds) -> row(out, refining(contestant, rounds)));
  }

  private List<String> refining(Contestant contestant, List<EngineFigures> rounds) {
    List<String> cells = new ArrayList<>(List.of(contestant.label()));
    for (int batch : batches) {
      cells.add(spread(rounds.size(), round -> rate(rounds.get(round), batch)));
    }
    for (int batch : batches) {
      cells.add(
          over(
              rounds.size(),
              round -> rate(rounds.get(round), batch),
              round -> peers(contestant, round).mapToDouble(peer -> rate(peer, batch)).max()));
    }
    if (!batches.isEmpty()) {
      cells.add(
          over(
              rounds.size(),
              round -> 100 * rate(rounds.get(round), last()) * Eyes.GIGAFLOP_PER_IMAGE,
              round -> deviceRate(contestant, round)));
    }
    cells.add(spread(rounds.size(), round -> rounds.get(round).peakBytes() / 1e9));
    cells.add(spread(rounds.size(), round -> rounds.get(round).deviceBytes() / 1e9));
    return cells;
  }

  private int last() {
    return batches.get(batches.size() - 1);
  }

  private static double rate(EngineFigures figures, int batch) {
    return figures.imagesPerSecond().get(batch);
  }

  /** In GFLOP/s: the processor's, or the GPU's matrix product as a peer measured it. */
  private OptionalDouble deviceRate(Contestant contestant, int round) {
    return round < peaks.size()
        ? OptionalDouble.of(peaks.get(round))
        : samePrecision(contestant, round)
            .mapToDouble(EngineFigures::gigaflops)
            .filter(rate -> rate > 0)
            .max();
  }

  /** What peers had in a round, none for a peer itself. */
  private Stream<EngineFigures> peers(Contestant contestant, int round) {
    return peers.contains(contestant) ? Stream.empty() : samePrecision(contestant, round);
  }

  private Stream<EngineFigures> samePrecision(Contestant contestant, int round) {
    return peers.stream()
        .filter(peer -> peer.precision().equals(contestant.precision()))
        .map(peer -> measured.get(peer).get(round));
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
        (contestant, rounds) -> {
          if (rounds.get(0).training().isPresent()) {
            row(out, training(contestant, rounds));
          }
        });
  }

  private List<String> training(Contestant contestant, List<EngineFigures> rounds) {
    List<TrainingFigures> steps =
        rounds.stream().map(figures -> figures.training().orElseThrow()).toList();
    return List.of(
        contestant.label(),
        spread(steps.size(), round -> 1 / steps.get(round).stepsPerSecond()),
        spread(steps.size(), round -> steps.get(round).processorSecondsPerStep()),
        over(
            steps.size(),
            round -> 1 / steps.get(round).stepsPerSecond(),
            round ->
                peers(contestant, round)
                    .flatMap(peer -> peer.training().stream())
                    .mapToDouble(figures -> 1 / figures.stepsPerSecond())
                    .min()),
        spread(steps.size(), round -> steps.get(round).peakGigabytes()));
  }

  /** Empty where there is nothing to compare with. */
  private static String over(
      int rounds, IntToDoubleFunction value, IntFunction<OptionalDouble> other) {
    return IntStream.range(0, rounds).allMatch(round -> other.apply(round).isPresent())
        ? spread(rounds, round -> value.applyAsDouble(round) / other.apply(round).getAsDouble())
        : "";
  }

  private static String spread(int rounds, IntToDoubleFunction value) {
    return Spread.of(IntStream.range(0, rounds).mapToDouble(value)).toString();
  }

  private static void row(PrintStream out, List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
  }
}
