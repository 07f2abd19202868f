package io.refinery.registry;

import java.nio.file.Path;

/**
 * A version whose files lie in a folder of this machine and fit their hashes.
 *
 * @param manifestSha256 hash of the manifest itself, 64 hexadecimal digits
 */
public record LocalModel(
    ModelVersion version, Manifest manifest, String manifestSha256, Path folder) {

  /** Where a file of the version lies; {@code name} is one of {@code Manifest.files()}. */
  public Path file(String name) {
    if (!manifest.files().containsKey(name)) {
      throw new IllegalArgumentException(version + " has no file " + name);
    }
    return folder.resolve(name);
  }
}
