package io.refinery.console.models;

import io.refinery.json.Json;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A version as a folder: its files and {@code manifest.json}. */
public final class ModelFolder {

  static final String MANIFEST = "manifest.json";

  private ModelFolder() {}

  /** Copies a version's files and its manifest into {@code folder}, which is made. */
  static void export(LocalModel model, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : model.manifest().files().keySet()) {
      Files.copy(model.file(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(
        folder.resolve(MANIFEST),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(model.manifest()) + "\n");
  }

  /**
   * Publishes a folder as a new version.
   *
   * @param name of the model, or empty for the name in its manifest
   */
  static ModelVersion publish(Path folder, Optional<String> name, ModelRegistry registry)
      throws IOException {
    Manifest manifest = Json.mapper().readValue(folder.resolve(MANIFEST).toFile(), Manifest.class);
    Map<String, Path> files = new TreeMap<>();
    manifest.files().keySet().forEach(file -> files.put(file, folder.resolve(file)));
    return registry.publish(draft(manifest, name.orElse(manifest.name()), files));
  }

  static VersionDraft draft(Manifest manifest, String name, Map<String, Path> files) {
    return new VersionDraft(
        name,
        manifest.refiner(),
        manifest.discriminator(),
        manifest.shape(),
        manifest.training(),
        manifest.metrics(),
        manifest.engine(),
        Optional.empty(),
        files);
  }
}
