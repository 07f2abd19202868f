package io.refinery.engine.torch;

import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Refines on the CPU. A thread pool works through the batch tile by tile, each thread on a tile of
 * its own, so memory for feature maps does not grow with the batch.
 */
@SuppressWarnings("try") // Guards are never referenced; they act while open.
final class CpuRefiner implements Refiner {

  /** Tiles per thread, enough to keep every core busy until almost the end of a batch. */
  private static final int TILES_PER_THREAD = 8;

  private final RefinerNetwork network;
  private final MicroBatchSize microBatch;
  private final CpuPass pass;
  private final CpuThreadPool threads;
  private boolean closed;

  /**
   * @param weights those of {@code network}
   * @throws IllegalArgumentException if this CPU does not support the configured convolution
   */
  CpuRefiner(RefinerNetwork network, Weights weights, Precision precision, TorchOptions options) {
    this.network = network;
    TorchCpuPlan plan = TorchCpuPlan.of(network, weights, precision, options);
    microBatch = options.microBatch().orElse(plan.strategy().microBatch());
    pass = plan.strategy().pass(network, weights, precision);
    threads = new CpuThreadPool(plan.threads());
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    if (closed) {
      throw new IllegalStateException("The refiner is closed");
    }
    ImageShape shape = synthetic.shape();
    Refiner.requireChannels(network.channels(), shape, synthetic);
    if (synthetic.count() == 0) {
      return synthetic;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor images = Tensors.of(synthetic);
      Tensor refined = torch.empty_like(images);
      refine(
          Tile.of(synthetic.count(), shape, threads.size(), microBatch.images(shape), radius()),
          images,
          refined);
      return Tensors.images(refined, synthetic);
    } catch (RuntimeException e) {
      throw TorchErrors.of("refine " + synthetic, e);
    }
  }

  private void refine(List<Tile> tiles, Tensor synthetic, Tensor all) {
    threads.run(
        tiles.size(),
        number -> {
          Tile tile = tiles.get(number);
          try (PointerScope scope = new PointerScope();
              InferenceMode inference = new InferenceMode(true)) {
            tile.write(pass.refine(tile.read(synthetic), tile.halo()), all);
          }
        });
  }

  /** The receptive radius: every convolution but the last (1x1) adds half a filter. */
  private int radius() {
    return (1 + 2 * network.blocks()) * (network.filterSize() / 2);
  }

  @Override
  public int batch(ImageShape shape) {
    return Math.max(USUAL_BATCH, TILES_PER_THREAD * threads.size() * microBatch.images(shape));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      threads.close();
      pass.close();
    }
  }
}
