package io.refinery.console.doctor;

import com.fasterxml.jackson.databind.node.NullNode;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.FirstWeights;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.VersionDraft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The paper's refiner of eyes with freshly drawn weights: as fast as a trained one. */
final class FreshModel {

  static final ImageShape SHAPE = new ImageShape(1, 35, 55);

  private FreshModel() {}

  /** Writes its files into {@code folder}. */
  static LocalModel write(Path folder) throws IOException {
    RefinerNetwork network = RefinerNetwork.eyes();
    Weights weights = FirstWeights.draw(network.parameters(), new Random(1));
    Path safetensors = folder.resolve(Manifest.REFINER_WEIGHTS);
    Path onnx = folder.resolve(Manifest.REFINER_ONNX);
    Safetensors.write(weights, Map.of(), safetensors);
    OnnxRefiner.write(network, weights, onnx);
    VersionDraft draft =
        new VersionDraft(
            "fresh",
            network,
            DiscriminatorNetwork.eyes(),
            SHAPE,
            Preprocessing.NONE,
            NullNode.getInstance(),
            Map.of(),
            "none",
            Optional.empty(),
            Map.of(Manifest.REFINER_WEIGHTS, safetensors, Manifest.REFINER_ONNX, onnx));
    return LocalModel.unpublished(draft, folder);
  }
}
