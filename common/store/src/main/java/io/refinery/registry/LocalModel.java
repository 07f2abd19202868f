package io.refinery.registry;

import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

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

  /** Its refiner, as engines read it. */
  public RefinerFiles refiner() {
    Set<RefinerFile> forms = EnumSet.allOf(RefinerFile.class);
    forms.removeIf(form -> !manifest.files().containsKey(form.fileName()));
    return RefinerFiles.in(folder, version.toString(), manifest.refiner(), manifest.shape(), forms);
  }
}
