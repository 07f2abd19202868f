package io.refinery.registry;

import io.refinery.json.Json;
import io.refinery.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A version whose files lie in a folder of this machine and fit their hashes.
 *
 * @param manifestSha256 hash of the manifest itself, 64 hexadecimal digits
 */
public record LocalModel(
    ModelVersion version, Manifest manifest, String manifestSha256, Path folder) {

  /**
   * Files that were never published, as version 1: for whoever tries them out.
   *
   * @param draft whose files lie in {@code folder} under their names
   */
  public static LocalModel unpublished(VersionDraft draft, Path folder) throws IOException {
    Map<String, Manifest.FileEntry> entries = new TreeMap<>();
    for (Map.Entry<String, Path> file : draft.files().entrySet()) {
      entries.put(
          file.getKey(),
          new Manifest.FileEntry(Sha256.of(file.getValue()), Files.size(file.getValue())));
    }
    Manifest manifest = draft.manifest(1, Instant.now(), Optional.empty(), entries);
    return new LocalModel(
        new ModelVersion(draft.name(), 1), manifest, Sha256.of(Json.write(manifest)), folder);
  }

  /** Where a file of the version lies; {@code name} is one of {@code Manifest.files()}. */
  public Path file(String name) {
    if (!manifest.files().containsKey(name)) {
      throw new IllegalArgumentException(version + " has no file " + name);
    }
    return folder.resolve(name);
  }
}
