package io.refinery.worker;

import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A refiner that learns how many images fit into the device's memory. After a batch that does not
 * fit, it halves the batch size for images of that shape.
 */
final class AdaptiveBatchRefiner implements Refiner {

  private static final Logger log = LoggerFactory.getLogger(AdaptiveBatchRefiner.class);

  private final Refiner refiner;
  private final Runnable halved;
  private final Map<ImageShape, Integer> fitting = new ConcurrentHashMap<>();

  /** Copies the images from {@code from} (inclusive) to {@code to} (exclusive). */
  private interface Slice<B> {
    B of(int from, int to);
  }

  /**
   * @param refiner closed by {@link #close}
   * @param halved run for every batch that did not fit
   */
  AdaptiveBatchRefiner(Refiner refiner, Runnable halved) {
    this.refiner = refiner;
    this.halved = halved;
  }

  /**
   * @throws DeviceMemoryException when not even one image fits
   */
  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    return refine(
        synthetic,
        synthetic.count(),
        synthetic.shape(),
        synthetic::slice,
        refiner::refine,
        ImageBatch::concat);
  }

  @Override
  public LevelBatch refine(LevelBatch synthetic) {
    return refine(
        synthetic,
        synthetic.count(),
        synthetic.shape(),
        synthetic::slice,
        refiner::refine,
        LevelBatch::concat);
  }

  @Override
  public int batch(ImageShape shape) {
    return Math.min(refiner.batch(shape), most(shape));
  }

  private int most(ImageShape shape) {
    return fitting.getOrDefault(shape, Integer.MAX_VALUE);
  }

  private <B> B refine(
      B batch,
      int count,
      ImageShape shape,
      Slice<B> slice,
      UnaryOperator<B> refine,
      Function<List<B>, B> concat) {
    List<B> refined = new ArrayList<>();
    int from = 0;
    do {
      int size = Math.min(count - from, most(shape));
      B piece = size == count ? batch : slice.of(from, from + size);
      try {
        refined.add(refine.apply(piece));
        from += size;
      } catch (DeviceMemoryException e) {
        if (size <= 1) {
          throw e;
        }
        halve(shape, size, e);
      }
    } while (from < count);
    return refined.size() == 1 ? refined.get(0) : concat.apply(refined);
  }

  private void halve(ImageShape shape, int size, DeviceMemoryException cause) {
    fitting.put(shape, size / 2);
    halved.run();
    log.warn(
        "A batch of {} images of {} does not fit into the device's memory; using {} now ({})",
        size,
        shape,
        size / 2,
        cause.getMessage());
  }

  @Override
  public void close() {
    refiner.close();
  }
}
