package io.refinery.console.doctor;

import io.refinery.image.ImageShape;
import io.refinery.network.InitialWeights;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;

/** The paper's eye refiner with random initial weights; it runs as fast as a trained one. */
final class FreshModel {

  static final ImageShape SHAPE = new ImageShape(1, 35, 55);

  private FreshModel() {}

  /** Writes the model's files to {@code folder}. */
  static RefinerFiles write(Path folder) throws IOException {
    RefinerNetwork network = RefinerNetwork.eyes();
    RefinerFiles files =
        RefinerFiles.in(
            folder, "fresh", network, SHAPE, EnumSet.of(RefinerFile.WEIGHTS, RefinerFile.ONNX));
    files.write(InitialWeights.draw(network.parameters(), new Random(1)));
    return files;
  }
}
