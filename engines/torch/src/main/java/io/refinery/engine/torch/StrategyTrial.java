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

/** A way to refine, with weights and a tile of noise to try it on. */
@SuppressWarnings("try") // Guards work by being open.
final class StrategyTrial implements AutoCloseable {

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final CpuPass pass;
  private final Tensor tile;

  StrategyTrial(CpuStrategy way, RefinerNetwork network, Weights weights, Precision precision) {
    pass = way.pass(network, weights, precision);
    ImageShape eye = MicroBatchSize.eye(network.channels());
    try (PointerScope scope = new PointerScope()) {
      tile = Scoped.kept(torch.rand(way.part().eyes(), eye.channels(), eye.height(), eye.width()));
    }
  }

  /**
   * Refines the tile so many times.
   *
   * @return nanoseconds of processor time that the lanes spent on it
   */
  long refine(Lanes lanes, int times) {
    LongAdder spent = new LongAdder();
    lanes.run(
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
