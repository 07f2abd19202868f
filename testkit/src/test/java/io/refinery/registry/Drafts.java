package io.refinery.registry;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Versions to publish with arbitrary files. */
final class Drafts {

  private Drafts() {}

  /**
   * Creates a draft.
   *
   * @param loss the manifest's metric {@code refiner.loss}
   */
  static VersionDraft draft(String name, double loss, Map<String, Path> files) {
    return new VersionDraft(
        name,
        RefinerNetwork.eyes(),
        DiscriminatorNetwork.eyes(),
        new ImageShape(1, 35, 55),
        Preprocessing.NONE,
        Json.mapper().createObjectNode().put("steps", 100),
        Map.of("refiner.loss", loss),
        "dl4j",
        Optional.empty(),
        files);
  }
}
