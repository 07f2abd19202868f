package io.refinery.parity;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A refiner and a batch for it to refine. */
record RefinerCase(String name, RefinerNetwork network, int count, int height, int width) {

  /** Cases with random weights: the paper's refiner, colour, large filters, and odd sizes. */
  static final List<RefinerCase> DRAWN =
      List.of(
          new RefinerCase("eyes", RefinerNetwork.eyes(), 3, 35, 55),
          new RefinerCase("eyes-other-size", RefinerNetwork.eyes(), 2, 48, 64),
          new RefinerCase("tiny-image", RefinerNetwork.eyes(), 1, 7, 5),
          new RefinerCase("colour", new RefinerNetwork(3, 3, 32, 2), 5, 20, 31),
          new RefinerCase("large-filters", new RefinerNetwork(1, 7, 16, 2), 2, 32, 32));

  /** Returns the pixels that {@code engine} refines. */
  float[] refine(RefiningEngine engine, RefinerFiles model) {
    ImageShape shape = new ImageShape(network.channels(), height, width);
    try (Refiner refiner = engine.refiner(model, Device.cpu(), Precision.FULL)) {
      return refiner.refine(RandomModels.images(count, shape, 22)).pixels();
    }
  }

  /** Writes the version of a random case. */
  void draw(Path folder) throws IOException {
    RandomModels.write(network, RandomModels.weights(network.parameters(), 21), folder);
  }
}
