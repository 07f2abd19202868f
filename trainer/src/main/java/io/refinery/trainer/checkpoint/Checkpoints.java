package io.refinery.trainer.checkpoint;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of one training in object storage, {@code trainings/<id>/checkpoints/}. Each is
 * one object, so it is complete or absent. The latest two are kept.
 */
public final class Checkpoints {

  private static final int KEPT = 2;

  private final ObjectStorage storage;
  private final String bucket;
  private final String prefix;

  public Checkpoints(ObjectStorage storage, String bucket, String training) {
    this.storage = storage;
    this.bucket = bucket;
    this.prefix = "trainings/" + training + "/checkpoints/";
  }

  /**
   * Stores a checkpoint and removes obsolete ones.
   *
   * @param completed finished steps of all phases
   */
  public void save(Path file, long completed) {
    storage.upload(
        new ObjectRef(bucket, prefix + String.format(Locale.ROOT, "%012d.zip", completed)), file);
    List<StoredObject> all = list();
    for (StoredObject old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      storage.delete(old.ref());
    }
  }

  /**
   * Downloads the latest sound checkpoint, if there is one, into {@code file}, which is replaced.
   *
   * @param damaged receives a sentence about each later checkpoint, which cannot be read
   * @throws IOException when there are checkpoints and none can be read
   */
  public Optional<Path> fetchLatest(Path file, Consumer<String> damaged) throws IOException {
    List<StoredObject> all = list();
    Optional<IOException> failure = Optional.empty();
    for (int i = all.size() - 1; i >= 0; i--) {
      ObjectRef ref = all.get(i).ref();
      storage.download(ref, file, Long.MAX_VALUE);
      try {
        CheckpointFile.requireSound(file);
        return Optional.of(file);
      } catch (IOException e) {
        damaged.accept("The checkpoint %s is damaged: %s".formatted(ref, e.getMessage()));
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw new IOException(
          "No checkpoint of the training can be read. To start it anew, delete s3://%s/%s"
              .formatted(bucket, prefix),
          failure.get());
    }
    return Optional.empty();
  }

  /** Removes all checkpoints, after the training has ended. */
  public void clear() {
    list().forEach(object -> storage.delete(object.ref()));
  }

  private List<StoredObject> list() {
    return storage.list(bucket, prefix).stream()
        .sorted(Comparator.comparing(object -> object.ref().key()))
        .toList();
  }
}
