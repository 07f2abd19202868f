package io.refinery.testkit.engine;

import com.fasterxml.jackson.databind.node.NullNode;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.Manifest.FileEntry;
import io.refinery.registry.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Versions, weights and images for tests, drawn from fixed seeds. */
public final class Models {

  /** A small network that gray images go through. */
  public static final RefinerNetwork TINY = new RefinerNetwork(1, 3, 4, 2);

  /** An eye of the paper's data. */
  public static final ImageShape EYE = new ImageShape(1, 35, 55);

  private Models() {}

  /** A version with both files of its refiner. */
  public static LocalModel model(RefinerNetwork network, Weights weights, Path folder)
      throws IOException {
    Safetensors.write(weights, Map.of(), folder.resolve(Manifest.REFINER_WEIGHTS));
    OnnxRefiner.write(network, weights, folder.resolve(Manifest.REFINER_ONNX));
    return model(network, folder, Set.of(Manifest.REFINER_WEIGHTS, Manifest.REFINER_ONNX));
  }

  /** A version whose manifest names these files, whatever lies in the folder. */
  public static LocalModel model(RefinerNetwork network, Path folder, Set<String> files) {
    Map<String, FileEntry> entries = new TreeMap<>();
    files.forEach(name -> entries.put(name, new FileEntry("0".repeat(64), 0)));
    int channels = network.channels();
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA,
            "eyes",
            7,
            Instant.EPOCH,
            network,
            new DiscriminatorNetwork(
                channels, List.of(new DiscriminatorNetwork.Convolution(3, 2, 4))),
            new ImageShape(channels, 35, 55),
            Preprocessing.NONE,
            NullNode.getInstance(),
            Map.of(),
            "test",
            Optional.empty(),
            Optional.empty(),
            entries);
    return new LocalModel(new ModelVersion("eyes", 7), manifest, "0".repeat(64), folder);
  }

  /** Weights that keep the size of what goes through them, so that tanh is not saturated. */
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
