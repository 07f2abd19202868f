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
 * Refines on the processor: a batch goes in tiles through as many threads as there are cores, each
 * on its own, and memory for feature maps does not grow with the batch.
 */
@SuppressWarnings("try") // Guards work by being open.
final class CpuRefiner implements Refiner {

  /** Tiles that keep every core busy until the last ones. */
  private static final int TILES_PER_LANE = 8;

  private final RefinerNetwork network;
  private final MicroBatchSize part;
  private final CpuPass pass;
  private final Lanes lanes;
  private boolean closed;

  /**
   * @param weights those of {@code network}
   * @throws IllegalArgumentException naming a setting that has no meaning
   */
  CpuRefiner(RefinerNetwork network, Weights weights, Precision precision) {
    this.network = network;
    TorchCpuPlan plan = TorchCpuPlan.of(network, weights, precision);
    part = TorchSettings.part().orElse(plan.way().part());
    pass = plan.way().pass(network, weights, precision);
    lanes = new Lanes(plan.threads());
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
          Tile.of(synthetic.count(), shape, lanes.count(), part.images(shape), radius()),
          images,
          refined);
      return Tensors.images(refined, synthetic);
    } catch (RuntimeException e) {
      throw TorchErrors.of("refine " + synthetic, e);
    }
  }

  private void refine(List<Tile> tiles, Tensor synthetic, Tensor all) {
    lanes.run(
        tiles.size(),
        number -> {
          Tile tile = tiles.get(number);
          try (PointerScope scope = new PointerScope();
              InferenceMode inference = new InferenceMode(true)) {
            tile.write(pass.refine(tile.read(synthetic), tile.margins()), all);
          }
        });
  }

  /** Every convolution but the last, of 1x1, reaches half a filter further. */
  private int radius() {
    return (1 + 2 * network.blocks()) * (network.filterSize() / 2);
  }

  @Override
  public int batch(ImageShape shape) {
    return Math.max(USUAL_BATCH, TILES_PER_LANE * lanes.count() * part.images(shape));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      lanes.close();
      pass.close();
    }
  }
}
