package io.refinery.engine.torch;

import io.refinery.engine.Autotuner;
import io.refinery.engine.Precision;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the CPU refines fastest, found by autotuning. Trials measure the threads' own CPU time, so
 * that other work on the machine does not distort them.
 *
 * @param threads that refine, each on tiles of its own
 */
record TorchCpuPlan(CpuStrategy strategy, int threads) {

  private static final Logger log = LoggerFactory.getLogger(TorchCpuPlan.class);

  /** Enough for the JIT compiler to have finished before the last ones. */
  private static final int STRATEGY_ROUNDS = 12;

  private static final int THREAD_ROUNDS = 8;

  /** Images that every strategy is tried with. */
  private static final int TRIED_IMAGES = 2;

  /**
   * From this many parameters on, one image is enough, and takes as long as two in a small network.
   */
  private static final int LARGE_NETWORK = 1_000_000;

  /** Fewer threads must be this much cheaper, so that noise does not decide. */
  private static final double FEWER_THREADS_GAIN = 0.1;

  /** Each plan is measured once per process. */
  private static final Map<Key, TorchCpuPlan> PLANS = new ConcurrentHashMap<>();

  private record Key(
      RefinerNetwork network,
      Precision precision,
      List<ConvolutionKind> convolutions,
      Optional<Integer> threads) {}

  /**
   * Returns the plan for refiners of this network: as configured, and measured where not.
   *
   * @throws IllegalArgumentException if this CPU does not support the configured convolution
   */
  static TorchCpuPlan of(
      RefinerNetwork network, Weights weights, Precision precision, TorchOptions options) {
    List<ConvolutionKind> convolutions =
        options.convolution().map(List::of).orElse(List.of(ConvolutionKind.values())).stream()
            .filter(kind -> kind.supports(precision))
            .toList();
    if (convolutions.isEmpty()) {
      throw new IllegalArgumentException(
          TorchOptions.CONVOLUTION_SETTING
              + " selects a convolution that this CPU does not support in "
              + precision
              + " precision");
    }
    return PLANS.computeIfAbsent(
        new Key(network, precision, convolutions, options.threads()), key -> measure(key, weights));
  }

  private static TorchCpuPlan measure(Key key, Weights weights) {
    long start = System.nanoTime();
    int images = weights.count() < LARGE_NETWORK ? TRIED_IMAGES : 1;
    Function<CpuStrategy, StrategyTrial> trial =
        strategy -> new StrategyTrial(strategy, key.network(), weights, key.precision());
    CpuStrategy strategy = fastest(CpuStrategy.all(key.convolutions(), images), images, trial);
    TorchCpuPlan plan = new TorchCpuPlan(strategy, threads(key, strategy, trial));
    log.info(
        "libtorch refines {} in {} precision with {}, chosen in {} ms",
        key.network(),
        key.precision(),
        plan,
        (System.nanoTime() - start) / 1_000_000);
    return plan;
  }

  private static CpuStrategy fastest(
      List<CpuStrategy> strategies, int images, Function<CpuStrategy, StrategyTrial> trial) {
    if (strategies.size() == 1) {
      return strategies.get(0);
    }
    // Weights are laid out before measuring starts, as they are for a refiner.
    Map<CpuStrategy, StrategyTrial> trials =
        strategies.stream().collect(Collectors.toMap(strategy -> strategy, trial));
    try (CpuThreadPool thread = new CpuThreadPool(1)) {
      return Autotuner.cheapest(
          strategies,
          STRATEGY_ROUNDS,
          0,
          strategy -> trials.get(strategy).refine(thread, images / strategy.microBatch().eyes()));
    } finally {
      trials.values().forEach(StrategyTrial::close);
    }
  }

  /**
   * All cores, or half of them if two logical cores share a physical one and slow each other down.
   */
  private static int threads(
      Key key, CpuStrategy strategy, Function<CpuStrategy, StrategyTrial> trial) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (key.threads().isPresent() || cores == 1) {
      return key.threads().orElse(cores);
    }
    try (StrategyTrial tried = trial.apply(strategy);
        CpuThreadPool all = new CpuThreadPool(cores);
        CpuThreadPool half = new CpuThreadPool((cores + 1) / 2)) {
      return Autotuner.cheapest(
              List.of(all, half),
              THREAD_ROUNDS,
              FEWER_THREADS_GAIN,
              pool -> tried.refine(pool, 2 * cores) / pool.size())
          .size();
    }
  }

  @Override
  public String toString() {
    return "%d threads, %s".formatted(threads, strategy);
  }
}
