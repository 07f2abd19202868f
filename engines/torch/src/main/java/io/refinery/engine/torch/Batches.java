package io.refinery.engine.torch;

import io.refinery.image.ImageBatch;
import java.util.function.Function;

/** A network's outputs for more images than it takes at once. */
final class Batches {

  private Batches() {}

  /**
   * The outputs of all parts, one after the other.
   *
   * @param most images of a part
   * @param network the same number of values for every image
   */
  static float[] run(ImageBatch images, int most, Function<ImageBatch, float[]> network) {
    float[] values = {};
    for (int from = 0; from < images.count(); from += most) {
      ImageBatch part = images.slice(from, Math.min(from + most, images.count()));
      float[] output = network.apply(part);
      int perImage = output.length / part.count();
      if (from == 0) {
        values = new float[Math.multiplyExact(images.count(), perImage)];
      }
      System.arraycopy(output, 0, values, from * perImage, output.length);
    }
    return values;
  }
}
