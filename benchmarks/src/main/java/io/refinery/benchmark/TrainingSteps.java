package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.Bundles;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.json.Json;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.feed.PrefetchedFeed;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Times the trainer's steps in a separate process: reads a {@link TrainingTask} as a line from
 * standard input, and for every further line writes {@link TrainingFigures} as a line of JSON.
 */
public final class TrainingSteps {

  /** The second step is the first one with a history, and so has different shapes. */
  private static final long WARM_UP = 2;

  private TrainingSteps() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, BundleException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    TrainingTask task = Json.mapper().readValue(in.readLine(), TrainingTask.class);
    while (in.readLine() != null) {
      System.out.println(new String(Json.write(measure(task)), StandardCharsets.UTF_8));
    }
  }

  static TrainingFigures measure(TrainingTask task) throws IOException, BundleException {
    TrainingPlan plan = task.plan();
    Device device = Device.parse(task.device());
    try (PrefetchedFeed synthetic = feed(task.synthetic(), plan, 1);
        PrefetchedFeed real = feed(task.real(), plan, 2);
        AdversarialPair pair =
            EngineSelection.training(task.engine(), device, task.options())
                .engine()
                .pair(plan.pair(task.shape()), device)) {
      HistoryBuffer history =
          new HistoryBuffer(
              plan.schedule().historySize(), task.shape(), plan.seed(), pair.memory());
      AdversarialTraining training =
          new AdversarialTraining(
              pair, synthetic, real, plan.schedule(), plan::learningRateFactor, history);
      training.run(step -> Optional.empty(), () -> stopAfter(training, WARM_UP));
      Duration waitedBefore = synthetic.waited().plus(real.waited());
      long computedBefore = computedNanos();
      long start = System.nanoTime();
      training.run(
          step -> Optional.empty(),
          () -> stop(task, System.nanoTime() - start, training.completed() - WARM_UP));
      Duration waited = synthetic.waited().plus(real.waited()).minus(waitedBefore);
      return new TrainingFigures(
          training.completed() - WARM_UP,
          (System.nanoTime() - start) / 1e9,
          (computedNanos() - computedBefore) / 1e9,
          waited.toNanos() / 1e9,
          ResidentMemory.peakBytes());
    }
  }

  private static ControlSignal stopAfter(AdversarialTraining training, long steps) {
    return training.completed() < steps ? ControlSignal.CONTINUE : ControlSignal.PAUSE;
  }

  /** Stops no earlier than one step after the warm-up. */
  private static ControlSignal stop(TrainingTask task, long nanos, long steps) {
    boolean late = nanos >= 1e9 * task.seconds();
    return (late && steps > 0) || (task.steps() > 0 && steps >= task.steps())
        ? ControlSignal.PAUSE
        : ControlSignal.CONTINUE;
  }

  private static PrefetchedFeed feed(Path bundle, TrainingPlan plan, long seed)
      throws BundleException {
    ImageFeed feed =
        new ImageFeed(() -> Bundles.open(bundle, BundleLimits.DEFAULT), plan.feed(), seed);
    return new PrefetchedFeed("refinery-decode", feed, plan.schedule().batch());
  }

  private static long computedNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
