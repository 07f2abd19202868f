package io.refinery.registry;

import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The signatures of versions: one object per key, beside the manifest that it signs. */
final class VersionSignatures {

  /** More than any signature has. */
  private static final int MAX_BYTES = 1 << 10;

  private final ObjectStorage storage;
  private final RegistryLayout layout;
  private final TrustedKeys trusted;

  VersionSignatures(ObjectStorage storage, RegistryLayout layout, TrustedKeys trusted) {
    this.storage = storage;
    this.layout = layout;
    this.trusted = trusted;
  }

  /** Stores the signature of {@code manifest}, replacing an earlier one of the same key. */
  void write(ModelVersion version, byte[] manifest, SigningKey key) {
    storage.put(layout.signature(version, key.id()), key.sign(manifest));
  }

  /**
   * Accepts a version if a trusted key signed this manifest, or there are no trusted keys.
   *
   * @throws CorruptModelException when no trusted key has signed it
   * @throws StorageException when a signature cannot be read, and no other one is valid
   */
  void require(ModelVersion version, byte[] manifest) {
    if (trusted.isEmpty()) {
      return;
    }
    Set<String> wrong = new TreeSet<>();
    Optional<StorageException> denied = Optional.empty();
    for (String id : trusted.ids()) {
      try {
        Optional<byte[]> signature = read(version, id);
        if (signature.isPresent() && trusted.isSigned(id, manifest, signature.get())) {
          return;
        }
        signature.ifPresent(bytes -> wrong.add(id));
      } catch (StorageException e) {
        // Some stores answer like this for an object that is not there.
        if (e.kind() != Kind.DENIED) {
          throw e;
        }
        denied = Optional.of(e);
      }
    }
    if (wrong.isEmpty() && denied.isPresent()) {
      throw denied.get();
    }
    throw new CorruptModelException(untrusted(version, wrong));
  }

  private String untrusted(ModelVersion version, Set<String> wrong) {
    return wrong.isEmpty()
        ? "%s is not signed by a trusted key (trusted: %s): sign it with `refinery models sign %s`, or trust its key"
            .formatted(version, String.join(", ", trusted.ids()), version)
        : "%s was changed after it was signed: its manifest does not fit the signature of the key %s"
            .formatted(version, String.join(", ", wrong));
  }

  /** Returns an empty signature, which is not valid, if the object is too large to be one. */
  private Optional<byte[]> read(ModelVersion version, String id) {
    try {
      return RegistryReads.ifThere(storage, layout.signature(version, id), MAX_BYTES)
          .map(ObjectContent::bytes);
    } catch (StorageException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        return Optional.of(new byte[0]);
      }
      throw e;
    }
  }

  /**
   * Returns the ids of the keys that signed a version: the trusted ones whose signatures are valid,
   * or those of all signatures, unchecked, if there are no trusted keys.
   */
  List<String> signers(ModelVersion version, byte[] manifest) {
    if (trusted.isEmpty()) {
      return storage.list(layout.bucket(), layout.folder(version)).stream()
          .flatMap(object -> RegistryLayout.signer(object.ref()).stream())
          .sorted()
          .toList();
    }
    return trusted.ids().stream()
        .filter(
            id ->
                read(version, id)
                    .filter(signature -> trusted.isSigned(id, manifest, signature))
                    .isPresent())
        .toList();
  }
}
