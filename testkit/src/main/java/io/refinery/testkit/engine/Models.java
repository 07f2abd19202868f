package io.refinery.testkit.engine;

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
import java.util.Set;

/** Versions, weights and images for tests, from fixed seeds. */
public final class Models {

  /** A small network for gray images. */
  public static final RefinerNetwork TINY = new RefinerNetwork(1, 3, 4, 2);

  /** The shape of an eye in the paper's data. */
  public static final ImageShape EYE = new ImageShape(1, 35, 55);

  private Models() {}

  /** Creates a version with its weights and its ONNX file. */
  public static RefinerFiles model(RefinerNetwork network, Weights weights, Path folder)
      throws IOException {
    RefinerFiles files = model(network, folder, EnumSet.of(RefinerFile.WEIGHTS, RefinerFile.ONNX));
    files.write(weights);
    return files;
  }

  /** Returns a version with these files, regardless of what is in the folder. */
  public static RefinerFiles model(RefinerNetwork network, Path folder, Set<RefinerFile> forms) {
    ImageShape shape = new ImageShape(network.channels(), 35, 55);
    return RefinerFiles.in(folder, "eyes@7", network, shape, forms);
  }

  /** Returns weights that preserve the scale of activations, so that tanh is not saturated. */
  public static Weights weights(RefinerNetwork network, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              int size = shape.stream().reduce(1, Math::multiplyExact);
              double deviation = shape.size() == 4 ? Math.sqrt(shape.get(0) / (double) size) : 0.1;
              tensors.put(name, new Tensor(shape, gaussian(random, size, deviation)));
            });
    return new Weights(tensors);
  }

  public static ImageBatch images(int count, ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return new ImageBatch(count, shape, pixels);
  }

  private static float[] gaussian(Random random, int size, double deviation) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }
}
