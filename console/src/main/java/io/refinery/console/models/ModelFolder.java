package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.json.Json;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Exports a version to a folder with its files and {@code manifest.json}, and imports it. */
public final class ModelFolder {

  static final String MANIFEST = "manifest.json";

  private ModelFolder() {}

  /** Copies a version's files and manifest to {@code folder}, and creates it if necessary. */
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
   * @param name name of the model; empty for the name in the manifest
   */
  static ModelVersion publish(Path folder, Optional<String> name, ModelRegistry registry)
      throws IOException {
    Manifest manifest = read(folder.resolve(MANIFEST));
    Map<String, Path> files = new TreeMap<>();
    manifest.files().keySet().forEach(file -> files.put(file, folder.resolve(file)));
    VersionDraft draft = VersionDraft.like(manifest, name.orElse(manifest.name()), files);
    for (Map.Entry<String, Path> file : files.entrySet()) {
      requireSame(file.getValue(), manifest.files().get(file.getKey()));
    }
    return registry.publish(draft);
  }

  private static Manifest read(Path file) {
    try {
      return Json.mapper().readValue(file.toFile(), Manifest.class);
    } catch (IOException e) {
      throw new ConfigurationException(
          file + " is not a model manifest: give a folder written by `refinery models export`.", e);
    }
  }

  /** Rejects files changed since the export: the manifest's metrics do not apply to them. */
  private static void requireSame(Path file, Manifest.FileEntry entry) throws IOException {
    if (!Files.isRegularFile(file) || !Sha256.of(file).equals(entry.sha256())) {
      throw new ConfigurationException(
          file + " is missing or differs from its hash in the manifest: export the version again.");
    }
  }
}
