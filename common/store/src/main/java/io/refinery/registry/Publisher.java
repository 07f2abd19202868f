package io.refinery.registry;

import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Publishes versions. An attempt claims a number and uploads the files under it; a version exists
 * once its manifest does.
 *
 * <p>A one-time publication is decided between the upload and the manifest: every attempt offers
 * the manifest of its own upload as the publication's, by a conditional put. The first one wins,
 * and every later attempt copies its bytes to the winner's number. The other attempts' numbers stay
 * unused.
 */
final class Publisher {

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final Clock clock;
  private final VersionSignatures signatures;
  private final Optional<SigningKey> signer;

  Publisher(
      ObjectStorage storage,
      RegistryLayout layout,
      Clock clock,
      VersionSignatures signatures,
      Optional<SigningKey> signer) {
    this.storage = storage;
    this.layout = layout;
    this.clock = clock;
    this.signatures = signatures;
    this.signer = signer;
  }

  ModelVersion publish(VersionDraft draft) {
    ModelVersion version = claimNext(draft.name(), Optional.empty());
    byte[] manifest = upload(version, draft, Optional.empty());
    if (storage.putIfAbsent(layout.manifest(version), manifest).isEmpty()) {
      throw new IllegalStateException(
          "Another process wrote "
              + layout.manifest(version)
              + ", although this one claimed the number");
    }
    return version;
  }

  ModelVersion publishOnce(VersionDraft draft, String publication) {
    Optional<ModelVersion> decided = finish(draft.name(), publication);
    if (decided.isPresent()) {
      return decided.get();
    }
    ModelVersion own = claimNext(draft.name(), Optional.of(publication));
    byte[] manifest = upload(own, draft, Optional.of(publication));
    ObjectRef ref = layout.publication(draft.name(), publication);
    storage.putIfAbsent(ref, manifest);
    ModelVersion version =
        finish(draft.name(), publication)
            .orElseThrow(() -> new IllegalStateException(ref + " was removed during publication"));
    if (!version.equals(own)) {
      removeFiles(own);
    }
    return version;
  }

  Optional<ModelVersion> finish(String model, String publication) {
    ObjectRef ref = layout.publication(model, publication);
    return RegistryReads.ifThere(storage, ref, RegistryReads.MANIFEST_BYTES)
        .map(decided -> finish(model, publication, decided.bytes()));
  }

  private ModelVersion finish(String model, String publication, byte[] manifest) {
    ModelVersion version = ManifestJson.versionOf(model, publication, manifest);
    ObjectRef ref = layout.manifest(version);
    if (storage.find(ref).isEmpty()) {
      // Before the manifest, so that an existing version has nothing left to clean up.
      removeLeftovers(version, publication);
      storage.putIfAbsent(ref, manifest);
    }
    return version;
  }

  private ModelVersion claimNext(String name, Optional<String> publication) {
    int number = numbers(name).keySet().stream().max(Integer::compare).orElse(0);
    byte[] claim = new VersionClaim(clock.instant(), UUID.randomUUID(), publication).bytes();
    ModelVersion version;
    do {
      version = new ModelVersion(name, ++number);
    } while (storage.putIfAbsent(layout.claim(version), claim).isEmpty());
    return version;
  }

  /** Every claimed number, and whether it has a manifest. */
  private Map<Integer, Boolean> numbers(String name) {
    Map<Integer, Boolean> numbers = new TreeMap<>();
    for (StoredObject object : storage.list(layout.bucket(), layout.versions(name))) {
      boolean manifest = RegistryLayout.isManifest(object.ref());
      layout
          .numberOf(name, object.ref())
          .ifPresent(number -> numbers.merge(number, manifest, Boolean::logicalOr));
    }
    return numbers;
  }

  /**
   * Uploads the files and the signature of their manifest, and returns the manifest. Only what this
   * process uploaded itself is signed: a publication that is finished later may be somebody else's.
   */
  private byte[] upload(ModelVersion version, VersionDraft draft, Optional<String> publication) {
    Map<String, Manifest.FileEntry> entries = new TreeMap<>();
    draft.files().forEach((name, file) -> entries.put(name, upload(version, name, file)));
    byte[] manifest =
        ManifestJson.write(draft.manifest(version.number(), clock.instant(), publication, entries));
    signer.ifPresent(key -> signatures.write(version, manifest, key));
    return manifest;
  }

  private Manifest.FileEntry upload(ModelVersion version, String name, Path file) {
    try {
      Manifest.FileEntry entry = new Manifest.FileEntry(Sha256.of(file), Files.size(file));
      storage.upload(layout.file(version, name), file);
      return entry;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " of " + version + ": " + e, e);
    }
  }

  /** Removes files of attempts that died, or that do not know yet that they lost. */
  private void removeLeftovers(ModelVersion decided, String publication) {
    List<ModelVersion> incomplete =
        numbers(decided.name()).entrySet().stream()
            .filter(number -> !number.getValue() && number.getKey() != decided.number())
            .map(number -> new ModelVersion(decided.name(), number.getKey()))
            .toList();
    for (ModelVersion version : incomplete) {
      Optional<ObjectContent> claim =
          RegistryReads.ifThere(storage, layout.claim(version), VersionClaim.MAX_BYTES);
      if (claim.isPresent() && VersionClaim.isOf(publication, claim.get().text())) {
        removeFiles(version);
      }
    }
  }

  /** Removes all but the claim, so that the number is never reused. */
  private void removeFiles(ModelVersion version) {
    ObjectRef claim = layout.claim(version);
    storage.list(layout.bucket(), layout.folder(version)).stream()
        .map(StoredObject::ref)
        .filter(ref -> !ref.equals(claim))
        .forEach(storage::delete);
  }
}
