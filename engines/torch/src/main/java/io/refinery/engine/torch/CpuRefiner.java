package io.refinery.engine.torch;

import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
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
  private final Lanes lanes;
  private final OptionalInt part = TorchSettings.part();
  private final CpuPlan plan;
  private final RefinerPass pass;
  private boolean closed;

  /**
   * @param weights those of {@code network}
   * @throws IllegalArgumentException naming a setting that has no meaning
   */
  CpuRefiner(RefinerNetwork network, Weights weights, Precision precision) {
    this.network = network;
    lanes = new Lanes(TorchSettings.threads());
    try {
      plan = CpuPlan.of(network, weights, precision, lanes);
      pass = plan.pass(network, weights, precision);
    } catch (RuntimeException e) {
      lanes.close();
      throw e;
    }
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    ImageShape shape = synthetic.shape();
    requireRefinable(shape, synthetic);
    if (synthetic.count() == 0) {
      return synthetic;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor refined =
          refine(
              Tensors.of(synthetic),
              synthetic.count(),
              shape,
              UnaryOperator.identity(),
              UnaryOperator.identity());
      return Tensors.images(refined, synthetic);
    } catch (RuntimeException e) {
      throw TorchErrors.of("refine " + synthetic, e);
    }
  }

  @Override
  public LevelBatch refine(LevelBatch synthetic) {
    ImageShape shape = synthetic.shape();
    requireRefinable(shape, synthetic);
    if (synthetic.count() == 0) {
      return synthetic;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor refined =
          refine(
              Levels.of(synthetic), synthetic.count(), shape, Levels::toPixels, Levels::fromPixels);
      return Levels.batch(refined, synthetic);
    } catch (RuntimeException e) {
      throw TorchErrors.of("refine " + synthetic, e);
    }
  }

  private void requireRefinable(ImageShape shape, Object batch) {
    if (closed) {
      throw new IllegalStateException("The refiner is closed");
    }
    if (shape.channels() != network.channels()) {
      throw new EngineException(
          "The refiner takes images of " + network.channels() + " channels, not " + batch);
    }
  }

  private Tensor refine(
      Tensor images,
      int count,
      ImageShape shape,
      UnaryOperator<Tensor> toPixels,
      UnaryOperator<Tensor> fromPixels) {
    Tensor all = torch.empty_like(images);
    List<Tile> tiles = Tile.of(count, shape, lanes.count(), images(shape), radius());
    lanes.run(
        tiles.size(),
        number -> {
          Tile tile = tiles.get(number);
          try (PointerScope scope = new PointerScope();
              InferenceMode inference = new InferenceMode(true)) {
            Tensor refined = pass.refine(toPixels.apply(tile.read(images)));
            tile.write(fromPixels.apply(refined), all);
          }
        });
    return all;
  }

  private int images(ImageShape shape) {
    return part.orElseGet(() -> plan.images(shape));
  }

  /** Every convolution but the last, of 1x1, reaches half a filter further. */
  private int radius() {
    return (1 + 2 * network.blocks()) * (network.filterSize() / 2);
  }

  @Override
  public int batch(ImageShape shape) {
    return Math.max(USUAL_BATCH, TILES_PER_LANE * lanes.count() * images(shape));
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
