package io.refinery.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import java.io.IOException;

/** Manifests as JSON. */
final class ManifestJson {

  private ManifestJson() {}

  static byte[] write(Manifest manifest) {
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("This manifest has no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * @throws CorruptModelException when the bytes are no manifest of this version, or of a schema
   *     that is not known here
   */
  static Manifest read(ModelVersion version, byte[] json) {
    Manifest manifest = parse(version, json);
    if (!manifest.name().equals(version.name()) || manifest.version() != version.number()) {
      throw new CorruptModelException(
          "The manifest of "
              + version
              + " is that of "
              + manifest.name()
              + "@"
              + manifest.version());
    }
    try {
      manifest.files().keySet().forEach(RegistryLayout::requireFileName);
    } catch (IllegalArgumentException e) {
      throw new CorruptModelException("The manifest of " + version + ": " + e.getMessage(), e);
    }
    return manifest;
  }

  private static Manifest parse(ModelVersion version, byte[] json) {
    try {
      JsonNode tree = Json.mapper().readTree(json);
      String schema = tree.path("schema").asText();
      if (!schema.equals(Manifest.SCHEMA)) {
        throw new CorruptModelException(
            "The manifest of "
                + version
                + " has the schema '"
                + schema
                + "'; this release reads "
                + Manifest.SCHEMA);
      }
      return Json.mapper().treeToValue(tree, Manifest.class);
    } catch (IOException e) {
      throw new CorruptModelException("The manifest of " + version + " is none: " + e, e);
    }
  }
}
