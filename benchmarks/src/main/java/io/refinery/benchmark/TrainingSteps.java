package io.refinery.benchmark;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.Bundles;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.json.Json;
import io.refinery.trainer.algorithm.AdversarialTraining;
import io.refinery.trainer.algorithm.HistoryBuffer;
import io.refinery.trainer.algorithm.Wish;
import io.refinery.trainer.feed.ImageFeed;
import io.refinery.trainer.feed.PrefetchedFeed;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Times the trainer's steps in a process of its own: takes a {@link TrainingTask} on its standard
 * input, writes {@link TrainingFigures} as a line of JSON.
 */
public final class TrainingSteps {

  private TrainingSteps() {}

  /** Needs no arguments. */
  public static void main(String[] arguments) throws IOException, BundleException {
    TrainingTask task = Json.mapper().readValue(System.in, TrainingTask.class);
    System.out.println(new String(Json.write(measure(task)), StandardCharsets.UTF_8));
  }

  static TrainingFigures measure(TrainingTask task) throws IOException, BundleException {
    TrainingPlan plan = task.plan();
    Device device = Device.parse(task.device());
    try (PrefetchedFeed synthetic = feed(task.synthetic(), plan, 1);
        PrefetchedFeed real = feed(task.real(), plan, 2);
        AdversarialPair pair =
            EngineSelection.training(task.engine(), device)
                .engine()
                .pair(plan.pair(task.shape()), device)) {
      HistoryBuffer history =
          new HistoryBuffer(
              plan.schedule().historySize(), task.shape(), plan.seed(), pair.memory());
      AdversarialTraining training =
          new AdversarialTraining(
              pair, synthetic, real, plan.schedule(), plan::learningRateFactor, history);
      training.run(step -> Optional.empty(), () -> stopAfter(training, 1));
      Duration waitedBefore = synthetic.waited().plus(real.waited());
      long computedBefore = computedNanos();
      long start = System.nanoTime();
      training.run(
          step -> Optional.empty(),
          () ->
              task.steps() > 0
                  ? stopAfter(training, 1 + task.steps())
                  : stopAt(start + nanos(task), training));
      Duration waited = synthetic.waited().plus(real.waited()).minus(waitedBefore);
      return new TrainingFigures(
          training.completed() - 1,
          (System.nanoTime() - start) / 1e9,
          (computedNanos() - computedBefore) / 1e9,
          waited.toNanos() / 1e9,
          ResidentMemory.peakBytes());
    }
  }

  private static Wish stopAfter(AdversarialTraining training, long steps) {
    return training.completed() < steps ? Wish.CONTINUE : Wish.PAUSE;
  }

  /** At least one step after the one that warms up. */
  private static Wish stopAt(long nanoTime, AdversarialTraining training) {
    return System.nanoTime() - nanoTime < 0 ? Wish.CONTINUE : stopAfter(training, 2);
  }

  private static long nanos(TrainingTask task) {
    return (long) (1e9 * task.seconds());
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
