package io.refinery.worker;

import io.refinery.bundle.BundleFormat;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refined bundles and results in object storage. A job has only one result, no matter how often it
 * is delivered: exactly one worker succeeds in writing ("claiming") it.
 */
final class ResultStore {

  /** What the keys of refined bundles begin with. */
  static final String REFINED = "refined/";

  private static final Logger log = LoggerFactory.getLogger(ResultStore.class);

  private static final long LARGEST_CLAIM = 1 << 20;

  /** Hexadecimal digits of the hash in a bundle's name. */
  private static final int DIGITS = 16;

  private final ObjectStorage storage;
  private final String bucket;

  ResultStore(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * Returns the result of a job that has ended. If the stored object is not a result, returns a
   * failed one: no other result can be written while that object exists.
   */
  Optional<JobResult> find(String jobId) {
    try {
      JobResult result = JobResult.parse(storage.read(claim(jobId), LARGEST_CLAIM).bytes());
      return Optional.of(
          result.jobId().equals(jobId)
              ? result
              : corrupt(jobId, "it is the result of the job " + result.jobId()));
    } catch (IllegalArgumentException e) {
      return Optional.of(corrupt(jobId, e.getMessage()));
    } catch (StorageException e) {
      return switch (e.kind()) {
        case NOT_FOUND -> Optional.empty();
        case TOO_LARGE -> Optional.of(corrupt(jobId, e.getMessage()));
        case DENIED, FULL, DAMAGED, UNAVAILABLE -> throw e;
      };
    }
  }

  private JobResult corrupt(String jobId, String reason) {
    return new JobResult.Failed(
        jobId,
        ErrorCode.CORRUPT_RESULT,
        "The object %s is not the result of this job: %s. Delete it and submit the job again."
            .formatted(claim(jobId), reason),
        Instant.now(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Writes the job's result if it has none yet.
   *
   * @return the job's only result: {@code mine}, or the one that another worker wrote first
   */
  JobResult claim(JobResult mine) {
    if (storage.putIfAbsent(claim(mine.jobId()), mine.toJson()).isPresent()) {
      return mine;
    }
    return find(mine.jobId())
        .orElseThrow(
            () ->
                new StorageException(
                    Kind.UNAVAILABLE,
                    claim(mine.jobId())
                        + " exists on write but not on read; the store is not consistent"));
  }

  /**
   * Stores a refined bundle, reads it back and verifies it.
   *
   * <p>Its key contains part of its hash. A late worker, whose bundle may differ in the last bit,
   * thus never overwrites the bundle that a published result names.
   *
   * @param scratch a file that may be overwritten
   * @param begun receives the bundle's address before anything is uploaded
   * @throws IOException when the bundle read back differs
   */
  Stored store(
      String jobId, BundleFormat format, Path bundle, Path scratch, Consumer<ObjectRef> begun)
      throws IOException {
    String sha256 = Sha256.of(bundle);
    String name = jobId + "-" + sha256.substring(0, DIGITS) + "." + format.extension();
    ObjectRef ref = new ObjectRef(bucket, REFINED + name);
    begun.accept(ref);
    storage.upload(ref, bundle);
    if (!storage.download(ref, scratch, Files.size(bundle)).sha256().equals(sha256)) {
      throw new IOException(ref + " was stored, but reading it back returned different bytes");
    }
    return new Stored(ref, sha256, Files.size(bundle));
  }

  /**
   * Deletes refined bundles that a job's only result does not name, best effort: {@link StoreSweep}
   * finds what is left.
   *
   * @param result the job's result, which is in the store
   */
  void discard(List<ObjectRef> bundles, JobResult result) {
    boolean isReadable =
        !(result instanceof JobResult.Failed failed && failed.code() == ErrorCode.CORRUPT_RESULT);
    for (ObjectRef bundle : bundles) {
      boolean isNamed =
          result instanceof JobResult.Succeeded succeeded && succeeded.output().equals(bundle);
      if (isReadable && !isNamed) {
        try {
          storage.delete(bundle);
        } catch (StorageException e) {
          log.warn("Cannot delete {}, which no result names", bundle, e);
        }
      }
    }
  }

  /** A refined bundle whose storage was verified. */
  record Stored(ObjectRef ref, String sha256, long bytes) {}

  /** Returns the address of a job's result, which is written once. */
  ObjectRef claim(String jobId) {
    return new ObjectRef(bucket, "results/" + jobId + ".json");
  }
}
