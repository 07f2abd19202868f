package io.refinery.registry;

import io.refinery.storage.ObjectContent;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.util.Optional;

/** Reads objects that may not exist. */
final class RegistryReads {

  static final long MANIFEST_BYTES = 16L << 20;

  private RegistryReads() {}

  static Optional<ObjectContent> ifThere(ObjectStorage storage, ObjectRef ref, long maxBytes) {
    try {
      return Optional.of(storage.read(ref, maxBytes));
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
