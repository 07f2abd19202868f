package io.refinery.engine.torch;

import io.refinery.image.ImageBatch;
import java.util.function.Function;

/** Runs a network over a batch in micro-batches. */
final class MicroBatches {

  private MicroBatches() {}

  /**
   * Returns the outputs of all micro-batches, concatenated.
   *
   * @param size most images in a micro-batch
   * @param network returns the same number of values for every image
   */
  static float[] run(ImageBatch images, int size, Function<ImageBatch, float[]> network) {
    float[] values = {};
    for (int from = 0; from < images.count(); from += size) {
      ImageBatch microBatch = images.slice(from, Math.min(from + size, images.count()));
      float[] output = network.apply(microBatch);
      int perImage = output.length / microBatch.count();
      if (from == 0) {
        values = new float[Math.multiplyExact(images.count(), perImage)];
      }
      System.arraycopy(output, 0, values, from * perImage, output.length);
    }
    return values;
  }
}
