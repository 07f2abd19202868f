package io.refinery.trainer.evaluation;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.image.PixelScale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Some images of a bundle, one byte per value, and their labels.
 *
 * @param levels of every image, 0 to 255, channels x rows x columns
 * @param labels of every image, by label name; NaN if there is none
 */
record Sample(ImageShape shape, List<byte[]> levels, Map<String, List<double[]>> labels) {

  private static final int TOGETHER = 32;

  int count() {
    return levels.size();
  }

  Optional<List<double[]>> label(String name) {
    return Optional.ofNullable(labels.get(name));
  }

  /** All images in one batch. */
  ImageBatch all() {
    return images(IntStream.range(0, count()).toArray());
  }

  /** The images at {@code places}, in this order. */
  ImageBatch images(int[] places) {
    byte[] chosen = new byte[Math.multiplyExact(places.length, shape.values())];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(levels.get(places[i]), 0, chosen, i * shape.values(), shape.values());
    }
    return new LevelBatch(places.length, shape, chosen).toImages();
  }

  /** A sample of only the images at {@code places}. */
  Sample only(int[] places) {
    Map<String, List<double[]>> chosen = new LinkedHashMap<>();
    labels.forEach(
        (name, rows) -> chosen.put(name, IntStream.of(places).mapToObj(rows::get).toList()));
    return new Sample(shape, IntStream.of(places).mapToObj(levels::get).toList(), chosen);
  }

  /** Applies {@code function} to every image, rounds to levels and keeps the labels. */
  Sample map(UnaryOperator<ImageBatch> function) {
    byte[][] made = new byte[count()][];
    for (int from = 0; from < count(); from += TOGETHER) {
      int to = Math.min(count(), from + TOGETHER);
      ImageBatch batch = function.apply(images(IntStream.range(from, to).toArray()));
      for (int i = from; i < to; i++) {
        made[i] = levels(batch, i - from);
      }
    }
    return new Sample(shape, List.of(made), labels);
  }

  /** Returns the same labels with other images of the same number and shape, rounded to levels. */
  Sample with(ImageBatch images) {
    return new Sample(
        shape, IntStream.range(0, count()).mapToObj(i -> levels(images, i)).toList(), labels);
  }

  private static byte[] levels(ImageBatch batch, int image) {
    byte[] levels = new byte[batch.shape().values()];
    for (int v = 0; v < levels.length; v++) {
      levels[v] = PixelScale.toByte(batch.pixels()[image * levels.length + v]);
    }
    return levels;
  }
}
