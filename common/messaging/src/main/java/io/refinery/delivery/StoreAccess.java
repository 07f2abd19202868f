package io.refinery.delivery;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import io.refinery.storage.StoreCheck;
import io.refinery.storage.StoreCheck.Away;
import io.refinery.storage.StoreCheck.Outcome;
import io.refinery.storage.StoreCheck.Unsuitable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Checks that a service can use its bucket. */
public final class StoreAccess {

  /** One object for all services: what it holds means nothing. */
  private static final String KEY = StoreCheck.PREFIX + "access";

  private final ObjectStorage storage;
  private final String bucket;
  private volatile boolean suitable;

  private StoreAccess(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * Checks a store before a service starts. One that is away is checked later, by {@link #check}.
   *
   * @throws StorageException of kind DENIED when the store is unsuitable
   */
  public static StoreAccess of(ObjectStorage storage, String bucket) {
    StoreAccess access = new StoreAccess(storage, bucket);
    Outcome outcome = StoreCheck.of(storage, bucket);
    if (outcome instanceof Unsuitable unsuitable) {
      throw new StorageException(Kind.DENIED, unsuitable.sentence());
    }
    access.suitable = !(outcome instanceof Away);
    return access;
  }

  /**
   * Reads from the bucket, and also writes to it if an outage is suspected: a store may be full, or
   * refuse to write only.
   *
   * @throws StorageException when the store cannot be used
   */
  public void check(boolean suspected) {
    if (!suitable) {
      Outcome outcome = StoreCheck.of(storage, bucket);
      if (outcome instanceof Unsuitable unsuitable) {
        throw new StorageException(Kind.DENIED, unsuitable.sentence());
      }
      if (outcome instanceof Away away) {
        throw new StorageException(Kind.UNAVAILABLE, away.sentence());
      }
      suitable = true;
    }
    ObjectRef probe = new ObjectRef(bucket, KEY);
    if (suspected) {
      storage.put(probe, Instant.now().toString().getBytes(StandardCharsets.UTF_8));
    }
    var unused = storage.find(probe);
  }
}
