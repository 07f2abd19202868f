package io.refinery.engine.onnx;

import io.refinery.engine.Autotuner;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the CPU refines, found by autotuning.
 *
 * @param part micro-batch size
 */
record OnnxCpuPlan(OnnxThreads threads, MicroBatchSize part) {

  private static final Logger log = LoggerFactory.getLogger(OnnxCpuPlan.class);

  private static final int ROUNDS = 3;
  private static final int TRIED_IMAGES = 8;

  /** What was measured once holds for the process. */
  private static final Map<OnnxOptions, OnnxCpuPlan> MEASURED = new HashMap<>();

  /**
   * The plan of this process: what the options say, and the rest measured, once.
   *
   * @param channels of the refiner's images
   * @param refiners creates a refiner for a plan
   */
  static OnnxCpuPlan ofProcess(
      OnnxOptions options, int channels, Function<OnnxCpuPlan, Refiner> refiners) {
    // One at a time, for two that measure at once would slow each other down.
    synchronized (MEASURED) {
      return MEASURED.computeIfAbsent(
          options,
          set -> measure(OnnxThreads.candidates(set), microBatches(set), channels, refiners));
    }
  }

  private static List<MicroBatchSize> microBatches(OnnxOptions options) {
    return options
        .microBatch()
        .map(List::of)
        .orElse(List.of(new MicroBatchSize(4), new MicroBatchSize(8)));
  }

  static OnnxCpuPlan measure(
      List<OnnxThreads> threads,
      List<MicroBatchSize> parts,
      int channels,
      Function<OnnxCpuPlan, Refiner> refiners) {
    long start = System.nanoTime();
    ImageShape eye = MicroBatchSize.eye(channels);
    ImageBatch gray = new ImageBatch(TRIED_IMAGES, eye, new float[TRIED_IMAGES * eye.values()]);
    OnnxThreads best =
        fastest(threads, count -> new OnnxCpuPlan(count, parts.get(0)), gray, refiners);
    MicroBatchSize size = fastest(parts, part -> new OnnxCpuPlan(best, part), gray, refiners);
    OnnxCpuPlan plan = new OnnxCpuPlan(best, size);
    log.info(
        "ONNX Runtime refines with {}, chosen of {} and {} in {} ms",
        plan,
        threads,
        parts,
        (System.nanoTime() - start) / 1_000_000);
    return plan;
  }

  private static <T> T fastest(
      List<T> candidates,
      Function<T, OnnxCpuPlan> plans,
      ImageBatch images,
      Function<OnnxCpuPlan, Refiner> refiners) {
    Map<T, Refiner> open = new HashMap<>();
    try {
      if (candidates.size() > 1) {
        candidates.forEach(one -> open.put(one, refiners.apply(plans.apply(one))));
      }
      return Autotuner.fastest(candidates, ROUNDS, one -> open.get(one).refine(images));
    } finally {
      open.values().forEach(Refiner::close);
    }
  }

  @Override
  public String toString() {
    return threads + ", " + part;
  }
}
