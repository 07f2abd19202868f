package io.refinery.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import java.io.IOException;
import java.util.Optional;

/** Reads and writes manifests as JSON. */
final class ManifestJson {

  private ManifestJson() {}

  static byte[] write(Manifest manifest) {
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot write the manifest as JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * @throws CorruptModelException when the bytes are not a manifest of this version, or its schema
   *     is unknown
   */
  static Manifest read(ModelVersion version, byte[] json) {
    Manifest manifest = parse("The manifest of " + version, json);
    if (!manifest.name().equals(version.name()) || manifest.version() != version.number()) {
      throw new CorruptModelException(
          "The manifest of "
              + version
              + " describes "
              + manifest.name()
              + "@"
              + manifest.version());
    }
    return manifest;
  }

  /**
   * Returns the version that a publication produced.
   *
   * @throws CorruptModelException when the bytes are not a manifest of a version of this
   *     publication
   */
  static ModelVersion versionOf(String model, String publication, byte[] json) {
    String what = "The manifest of the publication " + publication + " of " + model;
    Manifest manifest = parse(what, json);
    if (!manifest.name().equals(model)
        || !manifest.publication().equals(Optional.of(publication))
        || manifest.version() < 1) {
      throw new CorruptModelException(what + " belongs to another publication");
    }
    return new ModelVersion(model, manifest.version());
  }

  private static Manifest parse(String what, byte[] json) {
    try {
      JsonNode tree = Json.mapper().readTree(json);
      String schema = tree.path("schema").asText();
      if (!schema.equals(Manifest.SCHEMA)) {
        throw new CorruptModelException(
            what + " has the schema '" + schema + "'; this release reads " + Manifest.SCHEMA);
      }
      Manifest manifest = Json.mapper().treeToValue(tree, Manifest.class);
      manifest.files().keySet().forEach(RegistryLayout::requireFileName);
      return manifest;
    } catch (IOException e) {
      throw new CorruptModelException(what + " is not valid: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new CorruptModelException(what + ": " + e.getMessage(), e);
    }
  }
}
