package io.refinery.parity;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random weights, images and versions, the same in every process. */
final class RandomModels {

  private RandomModels() {}

  /**
   * Returns normal weights with a variance that preserves the scale of activations; no tensor is
   * all zeros.
   */
  static Weights weights(Map<String, List<Integer>> parameters, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(
        (name, shape) -> {
          float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
          double deviation =
              shape.size() == 4 ? Math.sqrt(shape.get(0) / (double) values.length) : 0.1;
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
          }
          tensors.put(name, new Tensor(shape, values));
        });
    return new Weights(tensors);
  }

  /** Returns uniform noise in [-1, 1]. */
  static ImageBatch images(int count, ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return new ImageBatch(count, shape, pixels);
  }

  /** Writes the files of a version with these weights into {@code folder}. */
  static void write(RefinerNetwork network, Weights weights, Path folder) throws IOException {
    Files.createDirectories(folder);
    model(network, folder).write(weights);
  }

  /** Returns the version whose files are in {@code folder}. */
  static RefinerFiles model(RefinerNetwork network, Path folder) {
    return RefinerFiles.in(
        folder,
        "drawn",
        network,
        new ImageShape(network.channels(), 35, 55),
        EnumSet.of(RefinerFile.WEIGHTS, RefinerFile.ONNX));
  }
}
