package io.refinery.engine.torch;

import io.refinery.engine.ImageMemory;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Images that stay where they are computed with. */
final class TensorMemory implements ImageMemory, AutoCloseable {

  private final ImageShape shape;
  private final Placement placement;
  private final int capacity;
  private final Tensor images;

  TensorMemory(int capacity, ImageShape shape, Placement placement) {
    this.shape = shape;
    this.placement = placement;
    this.capacity = capacity;
    images = placement.zeros(capacity, shape.channels(), shape.height(), shape.width());
  }

  /** Those of these places, channels last. */
  Tensor recall(int[] places) {
    requirePlaces(places);
    return Scoped.tensor(
        () -> Placement.channelsLast(images.index_select(0, placement.places(places))));
  }

  /**
   * @param written as many as there are places; needs no gradient
   */
  void remember(Tensor written, int[] places) {
    requirePlaces(places);
    Scoped.run(() -> images.index_copy_(0, placement.places(places), written));
  }

  /** On a GPU, a place that there is not would end the process's use of it. */
  private void requirePlaces(int[] places) {
    if (IntStream.of(places).anyMatch(place -> place < 0 || place >= capacity)) {
      throw new IllegalArgumentException(
          "The memory has the places 0 to "
              + (capacity - 1)
              + ", not "
              + IntStream.of(places).boxed().toList());
    }
  }

  @Override
  public ImageBatch read(int[] places) {
    try (Tensor recalled = recall(places)) {
      return new ImageBatch(places.length, shape, Tensors.floats(recalled));
    }
  }

  @Override
  public void write(ImageBatch written, int[] places) {
    if (places.length != written.count()) {
      throw new IllegalArgumentException(written + " do not fit " + places.length + " places");
    }
    Scoped.run(() -> remember(placement.images(written), places));
  }

  @Override
  public void close() {
    images.close();
  }
}
