package io.refinery.simulator;

import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Renders many eyes on all cores (the common pool). What comes out depends on the options alone,
 * not on threads.
 */
public final class EyeSimulator {

  /** Changes whenever the same options give other pictures or labels. */
  public static final String VERSION = "1";

  private static final int IMAGES_PER_TASK = 32;

  private EyeSimulator() {}

  /** All images of the options, scaled to [-1, 1]. */
  public static ImageBatch render(SimulatorOptions options) {
    return render(options, 0, options.count());
  }

  /**
   * The images from {@code from} (inclusive) to {@code to} (exclusive), scaled to [-1, 1].
   *
   * @throws IndexOutOfBoundsException when the options have no such images
   */
  public static ImageBatch render(SimulatorOptions options, int from, int to) {
    Objects.checkFromToIndex(from, to, options.count());
    float[] pixels = new float[Math.multiplyExact(to - from, options.shape().values())];
    int tasks = (to - from + IMAGES_PER_TASK - 1) / IMAGES_PER_TASK;
    IntStream.range(0, tasks)
        .parallel()
        .forEach(
            task -> {
              int first = from + task * IMAGES_PER_TASK;
              int last = Math.min(to, first + IMAGES_PER_TASK);
              renderInto(options, first, last, pixels, (first - from) * options.shape().values());
            });
    return new ImageBatch(to - from, options.shape(), pixels);
  }

  /** The labels of all images of the options, in order. */
  public static List<EyeLabels> labels(SimulatorOptions options) {
    EyeSampler sampler = new EyeSampler(options.seed());
    return IntStream.range(0, options.count())
        .mapToObj(index -> EyeLabels.of(sampler.eye(index), options.shape()))
        .toList();
  }

  private static void renderInto(
      SimulatorOptions options, int from, int to, float[] pixels, int start) {
    EyeSampler sampler = new EyeSampler(options.seed());
    int at = start;
    try (EyeRenderer renderer = new EyeRenderer(options.shape())) {
      for (int index = from; index < to; index++) {
        for (byte level : renderer.render(sampler.eye(index), options.look())) {
          pixels[at++] = PixelScale.fromByte(level);
        }
      }
    }
  }
}
