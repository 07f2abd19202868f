package io.refinery.registry;

import io.refinery.storage.EntryLock;
import io.refinery.storage.EntryLocks;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import io.refinery.storage.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Versions in a folder of this machine that many processes share. Each file of a version is
 * complete or not there at all; files that nobody has asked for are missing, and added when
 * somebody does.
 */
final class ModelCache {

  private static final int HASH_DIGITS = 16;

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Path cache;
  private final CacheEviction eviction;
  private final VersionSignatures signatures;

  /**
   * @param maxBytes as in {@link CacheEviction}
   * @param signatures checked whenever a version is fetched, even if its files are here
   */
  ModelCache(
      ObjectStorage storage,
      RegistryLayout layout,
      Path cache,
      long maxBytes,
      VersionSignatures signatures) {
    this.storage = storage;
    this.layout = layout;
    this.signatures = signatures;
    this.cache = cache;
    this.eviction = new CacheEviction(cache, maxBytes);
  }

  /** Brings the files here whose names are {@code wanted}, unless they are here and fit. */
  LocalModel fetch(ResolvedModel model, Predicate<String> wanted) {
    ModelVersion version = model.version();
    String entry =
        CacheEviction.entry(
            version.name(),
            version.number() + "-" + model.manifestSha256().substring(0, HASH_DIGITS));
    Path folder = cache.resolve(entry);
    try {
      EntryLock use = EntryLocks.of(cache).shared(entry);
      try {
        return fetch(model, wanted, folder, use);
      } catch (IOException | RuntimeException e) {
        use.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep " + version + " in " + folder + ": " + e, e);
    }
  }

  private LocalModel fetch(
      ResolvedModel model, Predicate<String> wanted, Path folder, EntryLock use)
      throws IOException {
    Optional<byte[]> cached = cachedManifest(model, folder);
    byte[] json = cached.isPresent() ? cached.get() : storedManifest(model);
    signatures.require(model.version(), json);
    Manifest manifest = ManifestJson.read(model.version(), json);
    Set<String> names = new TreeSet<>(manifest.files().keySet());
    names.removeIf(wanted.negate());
    Set<String> missing = new TreeSet<>();
    for (String name : names) {
      if (!isThere(model.version(), folder.resolve(name), manifest.files().get(name))) {
        missing.add(name);
      }
    }
    boolean isComplete = cached.isPresent() && missing.isEmpty();
    if (!isComplete) {
      download(manifest, json, missing, folder);
    }
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
    if (!isComplete) {
      eviction.run();
    }
    return new LocalModel(model, manifest, folder, names, use);
  }

  /** Empty where it is missing or damaged. */
  private static Optional<byte[]> cachedManifest(ResolvedModel model, Path folder)
      throws IOException {
    try {
      byte[] json = Files.readAllBytes(folder.resolve(RegistryLayout.MANIFEST));
      return Optional.of(json).filter(bytes -> Sha256.of(bytes).equals(model.manifestSha256()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private byte[] storedManifest(ResolvedModel model) {
    byte[] json;
    try {
      json = storage.read(layout.manifest(model.version()), RegistryReads.MANIFEST_BYTES).bytes();
    } catch (StorageException e) {
      throw damageOr(e, model.version());
    }
    String sha256 = Sha256.of(json);
    if (!sha256.equals(model.manifestSha256())) {
      throw damaged(model.version(), RegistryLayout.MANIFEST, model.manifestSha256(), sha256);
    }
    return json;
  }

  /** Puts files into a version's folder, all of them verified before the first one is. */
  private void download(Manifest manifest, byte[] json, Set<String> names, Path folder)
      throws IOException {
    ModelVersion version = new ModelVersion(manifest.name(), manifest.version());
    try (Workspace incoming = Workspace.in(eviction.incoming(), "model-")) {
      for (String name : names) {
        download(version, name, manifest.files().get(name), incoming.file(name));
      }
      Files.write(incoming.file(RegistryLayout.MANIFEST), json);
      Files.createDirectories(folder);
      for (String name : names) {
        move(incoming.file(name), folder.resolve(name));
      }
      move(incoming.file(RegistryLayout.MANIFEST), folder.resolve(RegistryLayout.MANIFEST));
    }
  }

  private void download(ModelVersion version, String name, Manifest.FileEntry entry, Path file)
      throws IOException {
    ObjectRef ref = layout.file(version, name);
    try {
      storage.download(ref, file, entry.size());
    } catch (StorageException e) {
      throw damageOr(e, version);
    }
    verify(version, file, entry);
  }

  /** A missing or oversized object is damage to its version; other failures are the store's. */
  private static RuntimeException damageOr(StorageException e, ModelVersion version) {
    return switch (e.kind()) {
      case NOT_FOUND, TOO_LARGE ->
          new CorruptModelException(version + " is damaged: " + e.getMessage(), e);
      case DENIED, FULL, DAMAGED, UNAVAILABLE -> e;
    };
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      // Some systems do not replace a file that is open: then another process was faster.
      if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
        throw e;
      }
    }
  }

  private static boolean isThere(ModelVersion version, Path file, Manifest.FileEntry entry)
      throws IOException {
    try {
      verify(version, file, entry);
      return true;
    } catch (CorruptModelException | NoSuchFileException e) {
      return false;
    }
  }

  private static void verify(ModelVersion version, Path file, Manifest.FileEntry entry)
      throws IOException {
    long size = Files.size(file);
    if (size != entry.size()) {
      throw damaged(version, file.getFileName(), entry.size() + " bytes", size + " bytes");
    }
    String sha256 = Sha256.of(file);
    if (!sha256.equals(entry.sha256())) {
      throw damaged(version, file.getFileName(), entry.sha256(), sha256);
    }
  }

  private static CorruptModelException damaged(
      ModelVersion version, Object file, String expected, String actual) {
    return new CorruptModelException(
        version + " is damaged: " + file + " should be " + expected + " and is " + actual);
  }
}
