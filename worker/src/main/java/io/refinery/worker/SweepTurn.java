package io.refinery.worker;

import io.refinery.storage.DatedObject;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The turns of processes that sweep one store: each writes a marker, and the oldest marker of an
 * interval wins. The markers' dates are also the store's clock.
 */
final class SweepTurn {

  static final String PREFIX = "sweep/";

  /** More markers at once than there are processes. */
  private static final int MARKERS = 1000;

  private static final Comparator<DatedObject> OLDEST =
      Comparator.comparing(DatedObject::modified)
          .thenComparing(marker -> marker.object().ref().key());

  private final ObjectStorage storage;
  private final String bucket;

  SweepTurn(ObjectStorage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /**
   * Takes a turn, unless another process took one within {@code interval}.
   *
   * @return the time by the store's clock; empty if it is not this process's turn
   */
  Optional<Instant> take(Duration interval) {
    ObjectRef mine = new ObjectRef(bucket, PREFIX + UUID.randomUUID());
    storage.put(mine, mine.key().getBytes(StandardCharsets.UTF_8));
    List<DatedObject> markers = storage.page(bucket, PREFIX, "", MARKERS);
    Optional<DatedObject> own =
        markers.stream().filter(marker -> marker.object().ref().equals(mine)).findFirst();
    if (own.isEmpty()) {
      storage.delete(mine);
      return Optional.empty();
    }
    Instant now = own.get().modified();
    Instant since = now.minus(interval);
    boolean isTaken =
        markers.stream()
            .filter(marker -> marker.modified().isAfter(since))
            .anyMatch(marker -> OLDEST.compare(marker, own.get()) < 0);
    if (isTaken) {
      storage.delete(mine);
      return Optional.empty();
    }
    markers.stream()
        .filter(marker -> !marker.modified().isAfter(since))
        .map(marker -> marker.object().ref())
        .filter(ref -> !ref.equals(mine))
        .forEach(storage::delete);
    return Optional.of(now);
  }
}
