package io.refinery.engine.torch;

import io.refinery.engine.Autotuner;
import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the processor refines fastest. Trials go by the threads' own processor time: a core that is
 * busy with something else now may be free in a moment.
 *
 * @param threads that refine, each on its own
 */
record TorchCpuPlan(CpuStrategy way, int threads) {

  private static final Logger log = LoggerFactory.getLogger(TorchCpuPlan.class);

  /** So many that Java is compiled in the last ones. */
  private static final int WAY_ROUNDS = 12;

  private static final int THREAD_ROUNDS = 8;

  /** Images that every way is tried with. */
  private static final int TRIED_IMAGES = 2;

  /**
   * Parameters from which on one image is trial enough, and takes as long as those of a small
   * network.
   */
  private static final int LARGE_NETWORK = 1_000_000;

  /** Of a trial's noise fewer threads are not to be chosen. */
  private static final double FEWER_THREADS_GAIN = 0.1;

  /** What was measured once holds for the process. */
  private static final Map<Question, TorchCpuPlan> ANSWERS = new ConcurrentHashMap<>();

  private record Question(
      RefinerNetwork network,
      Precision precision,
      List<ConvolutionKind> convolutions,
      OptionalInt threads) {}

  /**
   * For refiners of this network: what was set, and the rest by trying.
   *
   * @throws IllegalArgumentException where this processor cannot convolve as was set
   */
  static TorchCpuPlan of(RefinerNetwork network, Weights weights, Precision precision) {
    List<ConvolutionKind> convolutions =
        TorchSettings.convolutions().stream().filter(kind -> kind.canDo(precision)).toList();
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          TorchSettings.CONVOLUTION + " asks for what this processor cannot do in " + precision);
    }
    return ANSWERS.computeIfAbsent(
        new Question(network, precision, convolutions, TorchSettings.threads()),
        question -> measure(question, weights));
  }

  private static TorchCpuPlan measure(Question question, Weights weights) {
    long start = System.nanoTime();
    int images = weights.count() < LARGE_NETWORK ? TRIED_IMAGES : 1;
    Function<CpuStrategy, StrategyTrial> trial =
        way -> new StrategyTrial(way, question.network(), weights, question.precision());
    CpuStrategy way = fastestWay(CpuStrategy.all(question.convolutions(), images), images, trial);
    TorchCpuPlan plan = new TorchCpuPlan(way, threads(question, way, trial));
    log.info(
        "libtorch refines {} in {} precision with {}, chosen in {} ms",
        question.network(),
        question.precision(),
        plan,
        (System.nanoTime() - start) / 1_000_000);
    return plan;
  }

  private static CpuStrategy fastestWay(
      List<CpuStrategy> ways, int images, Function<CpuStrategy, StrategyTrial> trial) {
    if (ways.size() == 1) {
      return ways.get(0);
    }
    // Weights are there before the clock runs, as they are for a refiner.
    Map<CpuStrategy, StrategyTrial> tried =
        ways.stream().collect(Collectors.toMap(way -> way, trial));
    try (Lanes lane = new Lanes(1)) {
      return Autotuner.cheapest(
          ways, WAY_ROUNDS, 0, way -> tried.get(way).refine(lane, images / way.part().eyes()));
    } finally {
      tried.values().forEach(StrategyTrial::close);
    }
  }

  /** All cores, or half of them where two are two threads of one and slow each other down. */
  private static int threads(
      Question question, CpuStrategy way, Function<CpuStrategy, StrategyTrial> trial) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (question.threads().isPresent() || cores == 1) {
      return question.threads().orElse(cores);
    }
    try (StrategyTrial tried = trial.apply(way);
        Lanes all = new Lanes(cores);
        Lanes half = new Lanes((cores + 1) / 2)) {
      return Autotuner.cheapest(
              List.of(all, half),
              THREAD_ROUNDS,
              FEWER_THREADS_GAIN,
              lanes -> tried.refine(lanes, 2 * cores) / lanes.count())
          .count();
    }
  }

  @Override
  public String toString() {
    return "%d threads, %s".formatted(threads, way);
  }
}
