package io.refinery.parity;

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
import io.refinery.registry.VersionDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Weights, images and versions that every process draws alike. */
final class Drawn {

  private Drawn() {}

  /** Normal, with a variance that keeps the size of what goes through; no tensor is all zeros. */
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

  /** Even over [-1, 1]. */
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
    Safetensors.write(weights, Map.of(), folder.resolve(Manifest.REFINER_WEIGHTS));
    OnnxRefiner.write(network, weights, folder.resolve(Manifest.REFINER_ONNX));
  }

  /** The version whose files lie in {@code folder}. */
  static LocalModel model(RefinerNetwork network, Path folder) throws IOException {
    int channels = network.channels();
    return LocalModel.unpublished(
        new VersionDraft(
            "drawn",
            network,
            new DiscriminatorNetwork(
                channels, List.of(new DiscriminatorNetwork.Convolution(3, 2, 4))),
            new ImageShape(channels, 35, 55),
            Preprocessing.NONE,
            NullNode.getInstance(),
            Map.of(),
            "none",
            Optional.empty(),
            Map.of(
                Manifest.REFINER_WEIGHTS, folder.resolve(Manifest.REFINER_WEIGHTS),
                Manifest.REFINER_ONNX, folder.resolve(Manifest.REFINER_ONNX))),
        folder);
  }
}
