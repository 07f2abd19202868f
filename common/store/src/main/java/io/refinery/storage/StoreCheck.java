package io.refinery.storage;

import io.refinery.storage.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check at startup that a store keeps the promises that single results rest on. It writes one
 * object under {@value #PREFIX} in the service's bucket and removes it.
 */
public final class StoreCheck {

  /** What the keys of its objects begin with. */
  public static final String PREFIX = "probe/";

  private static final Logger log = LoggerFactory.getLogger(StoreCheck.class);

  /** What a check has found. */
  public sealed interface Outcome permits Ready, Unsuitable, Away {}

  /** The store can be used. */
  public record Ready() implements Outcome {}

  /**
   * The store cannot be used as it is set up.
   *
   * @param sentence what is wrong and what to do
   */
  public record Unsuitable(String sentence) implements Outcome {}

  /**
   * The check could not be finished; a later one may be.
   *
   * @param sentence what is wrong and what to do
   */
  public record Away(String sentence) implements Outcome {}

  private final ObjectStorage storage;
  private final String bucket;

  private StoreCheck(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * Checks a store. Any number of processes may do so at once.
   *
   * @param bucket the service's bucket
   */
  public static Outcome of(ObjectStorage storage, String bucket) {
    return new StoreCheck(storage, bucket).run();
  }

  private Outcome run() {
    ObjectRef ref = new ObjectRef(bucket, PREFIX + UUID.randomUUID());
    Outcome outcome;
    try {
      outcome = tried(ref);
    } catch (StorageException e) {
      outcome =
          switch (e.kind()) {
            case NOT_FOUND ->
                new Away("The bucket %s cannot be used: %s".formatted(bucket, e.getMessage()));
            case UNAVAILABLE, FULL, DAMAGED -> new Away(e.getMessage());
            case DENIED, TOO_LARGE ->
                new Unsuitable(
                    "The store cannot be used: %s. Allow s3:PutObject, s3:GetObject and"
                            .formatted(e.getMessage())
                        + " s3:DeleteObject on the objects of the bucket "
                        + bucket
                        + ", and use a store that supports If-None-Match and If-Match.");
          };
    }
    if (!(outcome instanceof Away)) {
      remove(ref);
    }
    return outcome;
  }

  private Outcome tried(ObjectRef ref) {
    Optional<StoredObject> first = storage.putIfAbsent(ref, unique());
    if (first.isEmpty()) {
      return new Unsuitable(
          "The store refuses a write with If-None-Match although there is no object "
              + ref
              + "; use a store that supports conditional writes.");
    }
    if (storage.putIfAbsent(ref, unique()).isPresent()) {
      return ignored("If-None-Match");
    }
    String tag = first.get().etag();
    if (storage.replace(ref, unique(), tag).isEmpty()) {
      return new Unsuitable(
          "The store refuses a write with If-Match although the ETag of "
              + ref
              + " is the given one; use a store that supports conditional writes.");
    }
    if (storage.replace(ref, unique(), tag).isPresent()) {
      return ignored("If-Match");
    }
    return saysWhatIsMissing(ref);
  }

  private static Unsuitable ignored(String header) {
    return new Unsuitable(
        "The store ignores "
            + header
            + ": two workers could give one job two different results there. Use a store that"
            + " supports conditional writes.");
  }

  /** Without permission to list, AWS answers 403 instead of 404 for an object that is missing. */
  private Outcome saysWhatIsMissing(ObjectRef ref) {
    ObjectRef missing = new ObjectRef(bucket, ref.key() + "-missing");
    try {
      storage.find(missing);
      return new Ready();
    } catch (StorageException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      return new Unsuitable(
          "The store denies access to objects that do not exist instead of saying so (%s). Allow"
                  .formatted(e.getMessage())
              + " s3:ListBucket on the bucket "
              + bucket
              + ".");
    }
  }

  private static byte[] unique() {
    return UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
  }

  private void remove(ObjectRef ref) {
    try {
      storage.delete(ref);
    } catch (StorageException e) {
      log.warn("Cannot remove {}, which was written to check the store", ref, e);
    }
  }
}
