package io.refinery.registry;

import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.storage.EntryLock;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A version of which some files lie in a folder of this machine and fit their hashes. No process
 * removes them before this is closed; what it says of the version stays true.
 */
public final class LocalModel implements AutoCloseable {

  private final ModelVersion version;
  private final Manifest manifest;
  private final String manifestSha256;
  private final Path folder;
  private final Set<String> fetched;
  private final EntryLock use;

  /**
   * @param fetched names of the files that are there
   * @param use what keeps them there; closed with this
   */
  LocalModel(
      ResolvedModel model, Manifest manifest, Path folder, Set<String> fetched, EntryLock use) {
    this.version = model.version();
    this.manifest = manifest;
    this.manifestSha256 = model.manifestSha256();
    this.folder = folder;
    this.fetched = Set.copyOf(fetched);
    this.use = use;
  }

  public ModelVersion version() {
    return version;
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Hash of the manifest itself, 64 hexadecimal digits. */
  public String manifestSha256() {
    return manifestSha256;
  }

  /**
   * Where a file of the version lies.
   *
   * @throws IllegalArgumentException when the version has no such file, or it was not asked for
   */
  public Path file(String name) {
    if (!manifest.files().containsKey(name)) {
      throw new IllegalArgumentException(version + " has no file " + name);
    }
    if (!fetched.contains(name)) {
      throw new IllegalArgumentException(
          "%s has a file %s that was not fetched: ask for it when the version is fetched"
              .formatted(version, name));
    }
    return folder.resolve(name);
  }

  /** Its refiner, in the forms that were fetched. */
  public RefinerFiles refiner() {
    Set<RefinerFile> forms = EnumSet.allOf(RefinerFile.class);
    forms.removeIf(form -> !fetched.contains(form.fileName()));
    return RefinerFiles.in(folder, version.toString(), manifest.refiner(), manifest.shape(), forms);
  }

  /** Lets other processes remove its files from the cache. */
  @Override
  public void close() {
    use.close();
  }
}
