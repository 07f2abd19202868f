package io.refinery.trainer.evaluation;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.feed.ImageFeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Bright squares on a darker background, labelled by their centre: {@code iris_x}, {@code iris_y}.
 */
final class Scenes {

  static final ImageShape SHAPE = new ImageShape(1, 20, 24);

  private static final int SIDE = 7;

  private Scenes() {}

  /**
   * @param ground level of the background in [-1, 1]; squares are 0.9 brighter
   * @param noise maximum deviation of a pixel
   */
  static Path bundle(Path file, int count, double ground, double noise, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[count * SHAPE.values()];
    float[] x = new float[count];
    float[] y = new float[count];
    float[] gaze = new float[3 * count];
    for (int i = 0; i < count; i++) {
      int left = random.nextInt(3, SHAPE.width() - SIDE - 3);
      int top = random.nextInt(3, SHAPE.height() - SIDE - 3);
      x[i] = left + (SIDE - 1) / 2f;
      y[i] = top + (SIDE - 1) / 2f;
      gaze[3 * i] = x[i] - SHAPE.width() / 2f;
      gaze[3 * i + 1] = y[i] - SHAPE.height() / 2f;
      gaze[3 * i + 2] = -10;
      for (int v = 0; v < SHAPE.values(); v++) {
        int row = v / SHAPE.width() - top;
        int column = v % SHAPE.width() - left;
        boolean inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        double value =
            ground + (inside ? 0.9 : 0) + (noise == 0 ? 0 : random.nextDouble(-noise, noise));
        pixels[i * SHAPE.values() + v] = (float) Math.max(-1, Math.min(1, value));
      }
    }
    return write(
        file,
        new ImageBatch(count, SHAPE, pixels),
        List.of(
            Label.floats("iris_x", 1, x),
            Label.floats("iris_y", 1, y),
            Label.floats("look_vec", 3, gaze)));
  }

  static Path write(Path file, ImageBatch images, List<Label> labels) throws IOException {
    try (BundleWriter writer =
        Bundles.create(
            file,
            BundleFormat.HDF5,
            images.shape(),
            images.count(),
            PixelType.UINT8,
            labels,
            new Provenance(Map.of()))) {
      writer.write(images);
      writer.finish();
    }
    return file;
  }

  static ImageFeed.Opener opener(Path file) {
    return () -> Bundles.open(file, BundleLimits.DEFAULT);
  }

  /** Every {@code step}-th place. */
  static Set<Long> every(int step, int count) {
    return LongStream.range(0, count)
        .filter(i -> i % step == 0)
        .boxed()
        .collect(Collectors.toSet());
  }
}
