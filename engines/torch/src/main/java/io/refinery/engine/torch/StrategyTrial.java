package io.refinery.engine.torch;

import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A strategy under test, with weights and a tile of noise to refine. */
@SuppressWarnings("try") // Guards are never referenced; they act while open.
final class StrategyTrial implements AutoCloseable {

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final CpuPass pass;
  private final Tensor tile;

  StrategyTrial(
      CpuStrategy strategy, RefinerNetwork network, Weights weights, Precision precision) {
    pass = strategy.pass(network, weights, precision);
    ImageShape eye = MicroBatchSize.eye(network.channels());
    try (PointerScope scope = new PointerScope()) {
      tile =
          TensorScope.retain(
              torch.rand(strategy.microBatch().eyes(), eye.channels(), eye.height(), eye.width()));
    }
  }

  /**
   * Refines the tile {@code times} times.
   *
   * @return CPU time that the threads spent on it, in nanoseconds
   */
  long refine(CpuThreadPool threads, int times) {
    LongAdder spent = new LongAdder();
    threads.run(
        times,
        number -> {
          long start = CLOCK.getCurrentThreadCpuTime();
          try (PointerScope scope = new PointerScope();
              InferenceMode inference = new InferenceMode(true)) {
            pass.refine(tile).close();
          }
          spent.add(CLOCK.getCurrentThreadCpuTime() - start);
        });
    return spent.sum();
  }

  @Override
  public void close() {
    pass.close();
    tile.close();
  }
}
