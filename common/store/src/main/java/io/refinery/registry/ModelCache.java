package io.refinery.registry;

import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Versions in a folder of this machine, each complete or not there at all. */
final class ModelCache {

  private static final long MANIFEST_BYTES = 16L << 20;
  private static final int HASH_DIGITS = 16;

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Path cache;

  ModelCache(ObjectStorage storage, RegistryLayout layout, Path cache) {
    this.storage = storage;
    this.layout = layout;
    this.cache = cache;
  }

  LocalModel fetch(ResolvedModel model) {
    ModelVersion version = model.version();
    String folderName = version.number() + "-" + model.manifestSha256().substring(0, HASH_DIGITS);
    Path folder = cache.resolve(version.name()).resolve(folderName);
    try {
      Optional<LocalModel> present = ifFitting(model, folder);
      return present.isPresent() ? present.get() : download(model, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep " + version + " in " + folder + ": " + e, e);
    }
  }

  private Optional<LocalModel> ifFitting(ResolvedModel model, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(verified(model, folder));
    } catch (CorruptModelException | java.nio.file.NoSuchFileException e) {
      deleteTree(folder);
      return Optional.empty();
    }
  }

  private LocalModel download(ResolvedModel model, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path incoming = Files.createTempDirectory(folder.getParent(), ".incoming");
    try {
      downloadInto(model, incoming);
      verified(model, incoming);
      moveTo(folder, incoming);
      return verified(model, folder);
    } finally {
      if (Files.exists(incoming)) {
        deleteTree(incoming);
      }
    }
  }

  private void downloadInto(ResolvedModel model, Path folder) throws IOException {
    ModelVersion version = model.version();
    ObjectContent manifest = storage.read(layout.manifest(version), MANIFEST_BYTES);
    Files.write(folder.resolve(RegistryLayout.MANIFEST), manifest.bytes());
    Map<String, Manifest.FileEntry> files = manifest(model, folder).files();
    for (Map.Entry<String, Manifest.FileEntry> file : files.entrySet()) {
      ObjectRef ref = layout.file(version, file.getKey());
      try {
        storage.download(ref, folder.resolve(file.getKey()), file.getValue().size());
      } catch (StorageException e) {
        throw switch (e.kind()) {
          case NOT_FOUND, TOO_LARGE ->
              new CorruptModelException(version + " is damaged: " + e.getMessage(), e);
          case DENIED, UNAVAILABLE -> e;
        };
      }
    }
  }

  /** Another process may have been faster; what it left is as good. */
  private static void moveTo(Path folder, Path incoming) throws IOException {
    try {
      Files.move(incoming, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static LocalModel verified(ResolvedModel model, Path folder) throws IOException {
    Manifest manifest = manifest(model, folder);
    for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
      verify(model.version(), folder.resolve(file.getKey()), file.getValue());
    }
    return new LocalModel(model.version(), manifest, model.manifestSha256(), folder);
  }

  private static Manifest manifest(ResolvedModel model, Path folder) throws IOException {
    byte[] json = Files.readAllBytes(folder.resolve(RegistryLayout.MANIFEST));
    String sha256 = Sha256.of(json);
    if (!sha256.equals(model.manifestSha256())) {
      throw damaged(model.version(), RegistryLayout.MANIFEST, model.manifestSha256(), sha256);
    }
    return ManifestJson.read(model.version(), json);
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

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }
}
