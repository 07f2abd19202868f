package io.refinery.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A version without a number yet: the content of its {@link Manifest}, and its files.
 *
 * @param name of the model
 * @param files by the name that they will have in the version
 */
public record VersionDraft(
    String name,
    RefinerNetwork refiner,
    DiscriminatorNetwork discriminator,
    ImageShape shape,
    Preprocessing preprocessing,
    JsonNode training,
    Map<String, Double> metrics,
    String engine,
    Optional<Integer> parent,
    Map<String, Path> files) {

  public VersionDraft {
    ModelReference.requireName(name);
    files = Map.copyOf(files);
    files.keySet().forEach(RegistryLayout::requireFileName);
  }

  /**
   * Returns a draft of {@code files} with the description in another version's manifest, without
   * its parent.
   */
  public static VersionDraft like(Manifest manifest, String name, Map<String, Path> files) {
    return new VersionDraft(
        name,
        manifest.refiner(),
        manifest.discriminator(),
        manifest.shape(),
        manifest.preprocessing(),
        manifest.training(),
        manifest.metrics(),
        manifest.engine(),
        Optional.empty(),
        files);
  }

  Manifest manifest(
      int version,
      Instant created,
      Optional<String> publication,
      Map<String, Manifest.FileEntry> entries) {
    return new Manifest(
        Manifest.SCHEMA,
        name,
        version,
        created,
        refiner,
        discriminator,
        shape,
        preprocessing,
        training,
        metrics,
        engine,
        parent,
        publication,
        entries);
  }
}
