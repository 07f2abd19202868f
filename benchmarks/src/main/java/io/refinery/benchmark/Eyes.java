package io.refinery.benchmark;

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
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The paper's eyes: images and a refiner of the true size, with random values. */
final class Eyes {

  static final ImageShape SHAPE = new ImageShape(1, 35, 55);

  /** 296,129 parameters, two operations each on 55 x 35 pixels. */
  static final double GIGAFLOP_PER_IMAGE = 1.14;

  private static final long SEED = 1;

  private Eyes() {}

  static ImageBatch images(int count) {
    Random random = new Random(SEED);
    float[] pixels = new float[count * SHAPE.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return new ImageBatch(count, SHAPE, pixels);
  }

  /** A version in {@code folder}, with the files that engines read. */
  static LocalModel model(Path folder) throws IOException {
    RefinerNetwork network = RefinerNetwork.eyes();
    Weights weights = weights(network);
    Safetensors.write(weights, Map.of(), folder.resolve(Manifest.REFINER_WEIGHTS));
    OnnxRefiner.write(network, weights, folder.resolve(Manifest.REFINER_ONNX));
    // Engines read files of a version that was verified before: no hash is looked at here.
    FileEntry file = new FileEntry("0".repeat(64), 0);
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA,
            "eyes",
            1,
            Instant.EPOCH,
            network,
            DiscriminatorNetwork.eyes(),
            SHAPE,
            Preprocessing.NONE,
            NullNode.getInstance(),
            Map.of(),
            "none",
            Optional.empty(),
            Optional.empty(),
            Map.of(Manifest.REFINER_WEIGHTS, file, Manifest.REFINER_ONNX, file));
    return new LocalModel(new ModelVersion("eyes", 1), manifest, "0".repeat(64), folder);
  }

  private static Weights weights(RefinerNetwork network) {
    Random random = new Random(SEED);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
              // Denormal or infinite feature maps would be refined at another speed.
              double deviation = Math.sqrt(shape.get(0) / (double) values.length);
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
              }
              tensors.put(name, new Tensor(shape, values));
            });
    return new Weights(tensors);
  }
}
