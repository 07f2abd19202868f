package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxCpuPlanTest {

  private static final OnnxThreads ONE = new OnnxThreads(1, false);
  private static final OnnxThreads TWO = new OnnxThreads(2, false);

  /** Slower with two threads and with micro-batches of 8. */
  private static final class Slow implements Refiner {
    private final OnnxCpuPlan plan;
    private boolean closed;

    Slow(OnnxCpuPlan plan) {
      this.plan = plan;
    }

    @Override
    public ImageBatch refine(ImageBatch synthetic) {
      long millis = (plan.threads().equals(TWO) ? 30L : 0) + (plan.part().eyes() == 8 ? 30L : 0);
      long end = System.nanoTime() + millis * 1_000_000;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      return synthetic;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void theFastestPlanIsChosenAndTriedRefinersAreClosed() {
    List<Slow> tried = new ArrayList<>();
    OnnxCpuPlan plan =
        OnnxCpuPlan.measure(
            List.of(TWO, ONE),
            List.of(new MicroBatchSize(8), new MicroBatchSize(4)),
            3,
            candidate -> {
              tried.add(new Slow(candidate));
              return tried.get(tried.size() - 1);
            });
    assertThat(plan).isEqualTo(new OnnxCpuPlan(ONE, new MicroBatchSize(4)));
    assertThat(tried).hasSize(4).allMatch(refiner -> refiner.closed);
  }

  @Test
  void aSingleCandidateIsNotTried() {
    OnnxCpuPlan plan =
        OnnxCpuPlan.measure(
            List.of(TWO),
            List.of(new MicroBatchSize(8)),
            1,
            candidate -> {
              throw new AssertionError("There is nothing to choose");
            });
    assertThat(plan).isEqualTo(new OnnxCpuPlan(TWO, new MicroBatchSize(8)));
  }
}
