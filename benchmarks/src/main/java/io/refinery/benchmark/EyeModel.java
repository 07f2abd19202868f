package io.refinery.benchmark;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Images and a refiner of the paper's size for eyes, with random values. */
final class EyeModel {

  static final ImageShape SHAPE = new ImageShape(1, 35, 55);

  /** 296,129 parameters, two operations each for each of 55 x 35 pixels. */
  static final double GIGAFLOP_PER_IMAGE = 1.14;

  private static final long SEED = 1;

  private EyeModel() {}

  static ImageBatch images(int count) {
    return noise(count, SHAPE, SEED);
  }

  /** Returns random images of any shape. */
  static ImageBatch noise(int count, ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return new ImageBatch(count, shape, pixels);
  }

  /** Writes a refiner to {@code folder}, with the files that engines read. */
  static RefinerFiles model(Path folder) throws IOException {
    RefinerNetwork network = RefinerNetwork.eyes();
    RefinerFiles files =
        RefinerFiles.in(folder, "eyes", network, SHAPE, EnumSet.allOf(RefinerFile.class));
    files.write(weights(network));
    return files;
  }

  private static Weights weights(RefinerNetwork network) {
    Random random = new Random(SEED);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
              // Denormal or infinite feature maps would change the speed.
              double deviation = Math.sqrt(shape.get(0) / (double) values.length);
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
              }
              tensors.put(name, new Tensor(shape, values));
            });
    return new Weights(tensors);
  }
}
