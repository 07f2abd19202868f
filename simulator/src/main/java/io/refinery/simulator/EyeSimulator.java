package io.refinery.simulator;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Renders many eyes on all cores (the common pool). The result depends only on the options, not on
 * threads.
 */
public final class EyeSimulator {

  /** Changes whenever the same options give different images or labels. */
  public static final String VERSION = "1";

  private static final int IMAGES_PER_TASK = 32;
  private static final int VALUES_PER_BLOCK = 1 << 22;

  private EyeSimulator() {}

  /** Renders all images of the options, scaled to [-1, 1]. */
  public static ImageBatch render(SimulatorOptions options) {
    return render(options, 0, options.count());
  }

  /**
   * Renders the images from {@code from} (inclusive) to {@code to} (exclusive), scaled to [-1, 1].
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

  /** Returns the labels of all images of the options, in order. */
  public static List<EyeLabels> labels(SimulatorOptions options) {
    EyeSampler sampler = new EyeSampler(options.seed());
    return IntStream.range(0, options.count())
        .mapToObj(index -> EyeLabels.of(sampler.eye(index), options.shape()))
        .toList();
  }

  /**
   * Writes a bundle with the labels {@code look_vec} (3 numbers per image), {@code iris_center} and
   * {@code pupil_center} (x and y), as {@link EyeLabels} describes them, and {@code path}. Its
   * attributes state that the images are simulated and how to reproduce them. Memory use grows with
   * the labels, not with the pixels.
   *
   * @param target created when the bundle is complete; its folder must exist
   * @param progress receives the number of images written so far, after each block
   */
  public static void write(
      Path target, BundleFormat format, SimulatorOptions options, IntConsumer progress)
      throws IOException {
    int block = Math.max(1, Math.min(1024, VALUES_PER_BLOCK / options.shape().values()));
    try (BundleWriter writer =
        Bundles.create(
            target,
            format,
            options.shape(),
            options.count(),
            PixelType.UINT8,
            bundleLabels(options),
            provenance(options))) {
      for (int from = 0; from < options.count(); from += block) {
        int to = Math.min(options.count(), from + block);
        writer.write(render(options, from, to));
        progress.accept(to);
      }
      writer.finish();
    }
  }

  private static List<Label> bundleLabels(SimulatorOptions options) {
    int count = options.count();
    EyeSampler sampler = new EyeSampler(options.seed());
    float[] look = new float[Math.multiplyExact(3, count)];
    float[] iris = new float[2 * count];
    float[] pupil = new float[2 * count];
    for (int i = 0; i < count; i++) {
      EyeLabels labels = EyeLabels.of(sampler.eye(i), options.shape());
      look[3 * i] = (float) labels.lookX();
      look[3 * i + 1] = (float) labels.lookY();
      look[3 * i + 2] = (float) labels.lookZ();
      iris[2 * i] = (float) labels.irisX();
      iris[2 * i + 1] = (float) labels.irisY();
      pupil[2 * i] = (float) labels.pupilX();
      pupil[2 * i + 1] = (float) labels.pupilY();
    }
    return List.of(
        Label.floats("look_vec", 3, look),
        Label.floats("iris_center", 2, iris),
        Label.floats("pupil_center", 2, pupil),
        Label.strings("path", IntStream.range(0, count).mapToObj(EyeSimulator::name).toList()));
  }

  private static String name(int index) {
    return String.format(Locale.ROOT, "%06d.png", index);
  }

  private static Provenance provenance(SimulatorOptions options) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("refinery.simulator.look", options.look().description());
    attributes.put("refinery.simulator.seed", Long.toString(options.seed()));
    attributes.put("refinery.simulator.version", VERSION);
    return new Provenance(attributes);
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
