package io.refinery.engine;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;

/** Images on the heap: 4 bytes per value, allocated on creation. */
public final class HostMemory implements ImageMemory {

  private final ImageShape shape;
  private final float[] pixels;

  /**
   * Allocates the memory.
   *
   * @param places how many images it holds
   */
  public HostMemory(int places, ImageShape shape) {
    this.shape = shape;
    pixels = new float[Math.multiplyExact(places, shape.values())];
  }

  @Override
  public ImageBatch read(int[] places) {
    float[] copies = new float[Math.multiplyExact(places.length, shape.values())];
    for (int image = 0; image < places.length; image++) {
      System.arraycopy(
          pixels, places[image] * shape.values(), copies, image * shape.values(), shape.values());
    }
    return new ImageBatch(places.length, shape, copies);
  }

  @Override
  public void write(ImageBatch images, int[] places) {
    if (places.length != images.count()) {
      throw new IllegalArgumentException(images + " do not fit " + places.length + " places");
    }
    for (int image = 0; image < places.length; image++) {
      System.arraycopy(
          images.pixels(),
          image * shape.values(),
          pixels,
          places[image] * shape.values(),
          shape.values());
    }
  }
}
