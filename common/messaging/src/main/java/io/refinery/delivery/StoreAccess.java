package io.refinery.delivery;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Checks that a service can use its bucket. */
public final class StoreAccess {

  /** One object for all services: what it holds means nothing. */
  private static final String KEY = "probe/access";

  private final ObjectStorage storage;
  private final ObjectRef probe;

  public StoreAccess(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.probe = new ObjectRef(bucket, KEY);
  }

  /**
   * Reads from the bucket, and also writes to it if an outage is suspected: a store may be full, or
   * refuse to write only.
   *
   * @throws StorageException when the store cannot be used
   */
  public void check(boolean suspected) {
    if (suspected) {
      storage.put(probe, Instant.now().toString().getBytes(StandardCharsets.UTF_8));
    }
    var unused = storage.find(probe);
  }
}
