package io.refinery.engine.torch;

import io.refinery.engine.ImageMemory;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Image memory on the training's device. */
final class TensorMemory implements ImageMemory, AutoCloseable {

  private final ImageShape shape;
  private final TensorFactory tensors;
  private final int capacity;
  private final Tensor images;

  TensorMemory(int capacity, ImageShape shape, TensorFactory tensors) {
    this.shape = shape;
    this.tensors = tensors;
    this.capacity = capacity;
    images = tensors.zeros(capacity, shape.channels(), shape.height(), shape.width());
  }

  /** Returns copies of the images in these places, channels last. */
  Tensor recall(int[] places) {
    requirePlaces(places);
    return TensorScope.tensor(
        () -> TensorFactory.channelsLast(images.index_select(0, tensors.indices(places))));
  }

  /**
   * @param written one image per place; does not require a gradient
   */
  void remember(Tensor written, int[] places) {
    requirePlaces(places);
    TensorScope.run(() -> images.index_copy_(0, tensors.indices(places), written));
  }

  /**
   * Checked here because an out-of-range index on a GPU makes it unusable for the whole process.
   */
  private void requirePlaces(int[] places) {
    if (IntStream.of(places).anyMatch(place -> place < 0 || place >= capacity)) {
      throw new IllegalArgumentException(
          "The memory has places 0 to "
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
      throw new IllegalArgumentException(
          written + " cannot be written to " + places.length + " places");
    }
    TensorScope.run(() -> remember(tensors.images(written), places));
  }

  @Override
  public void close() {
    images.close();
  }
}
