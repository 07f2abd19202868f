package io.refinery.worker;

import io.refinery.broker.StoredAttempts;
import io.refinery.delivery.ReturnedDeliveries;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.DatedObject;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoreCheck;
import io.refinery.storage.UnfinishedUpload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and removes what ended processes left in the store. {@code docs/workers.md} has the rule.
 * Any number of processes may sweep at once.
 */
public final class StoreSweep {

  private static final Logger log = LoggerFactory.getLogger(StoreSweep.class);

  /** Prefixes under which Refinery uploads. */
  private static final List<String> OWN =
      List.of(
          "bundles/",
          ResultStore.REFINED,
          ModelRegistry.PREFIX + "/",
          "trainings/",
          StoreCheck.PREFIX,
          SweepTurn.PREFIX);

  private static final Pattern BUNDLE =
      Pattern.compile(Pattern.quote(ResultStore.REFINED) + "([^/]+)-[0-9a-f]{16}\\.[a-z0-9]+");

  /** A shorter age could take an upload that is running. */
  private static final Duration SHORTEST_UPLOAD_AGE = Duration.ofDays(1);

  /** A worker may still hold the result of a bundle whose job has none, if the store was away. */
  private static final int WITHOUT_RESULT = 7;

  /** A recent sweep has seen everything that is older than this many ages. */
  private static final int RECENT = 2 * WITHOUT_RESULT;

  private static final int PAGE = 1000;

  private final ObjectStorage storage;
  private final String bucket;
  private final Duration age;
  private final ResultStore results;

  /**
   * @param bucket the bucket of models and results
   * @param age how old something must be to be left over
   */
  public StoreSweep(ObjectStorage storage, String bucket, Duration age) {
    this.storage = storage;
    this.bucket = bucket;
    this.age = age;
    this.results = new ResultStore(storage, bucket);
  }

  /**
   * Lists what {@link #run} would remove, and writes nothing.
   *
   * @param found receives each leftover as it is found
   * @throws StorageException when the store cannot be read
   */
  public void list(Consumer<Leftover> found) {
    sweep(Instant.now(), Instant.MIN, () -> false, (leftover, removal) -> found.accept(leftover));
  }

  /**
   * Removes every leftover. One that cannot be removed is logged and left.
   *
   * @param removed receives each leftover that was removed
   * @throws StorageException when the store cannot be read
   */
  public void run(Consumer<Leftover> removed) {
    Instant now = new SweepTurn(storage, bucket).take(Duration.ZERO).orElseGet(Instant::now);
    sweep(now, Instant.MIN, () -> false, (leftover, removal) -> remove(leftover, removal, removed));
  }

  /**
   * Removes what recently became a leftover, unless any process did so within {@code interval}.
   *
   * @param stopping ends the sweep early
   */
  void runInTurn(Duration interval, BooleanSupplier stopping) {
    Optional<Instant> now = new SweepTurn(storage, bucket).take(interval);
    if (now.isPresent()) {
      Instant from = now.get().minus(age.multipliedBy(RECENT));
      sweep(
          now.get(),
          from,
          stopping,
          (leftover, removal) ->
              remove(
                  leftover,
                  removal,
                  gone -> log.info("Removed {}: {}, {}", gone.ref(), gone.why(), gone.since())));
    }
  }

  private interface Finding {
    void accept(Leftover leftover, Runnable removal);
  }

  private static void remove(Leftover leftover, Runnable removal, Consumer<Leftover> removed) {
    try {
      removal.run();
      removed.accept(leftover);
    } catch (StorageException e) {
      log.warn("Cannot remove {} ({})", leftover.ref(), leftover.why(), e);
    }
  }

  /**
   * @param from refined bundles older than this are not looked at
   */
  private void sweep(Instant now, Instant from, BooleanSupplier stopping, Finding finding) {
    Instant before = now.minus(age);
    each(
        StoreCheck.PREFIX,
        stopping,
        probe -> {
          if (probe.modified().isBefore(before)) {
            found(probe, "left by a check of the store", finding);
          }
        });
    for (String counts : List.of(ReturnedDeliveries.PREFIX, StoredAttempts.PREFIX)) {
      each(
          counts,
          stopping,
          count -> {
            if (count.modified().isBefore(now.minus(age.multipliedBy(WITHOUT_RESULT)))) {
              found(count, "counts deliveries of a message that has long ended", finding);
            }
          });
    }
    each(
        ResultStore.REFINED,
        stopping,
        bundle -> {
          if (bundle.modified().isBefore(before) && bundle.modified().isAfter(from)) {
            orphaned(bundle, now).ifPresent(why -> found(bundle, why, finding));
          }
        });
    Instant uploads = now.minus(age.compareTo(SHORTEST_UPLOAD_AGE) > 0 ? age : SHORTEST_UPLOAD_AGE);
    OWN.forEach(prefix -> unfinished(prefix, uploads, stopping, finding));
  }

  private void found(DatedObject object, String why, Finding finding) {
    ObjectRef ref = object.object().ref();
    finding.accept(new Leftover(ref, why, object.modified()), () -> storage.delete(ref));
  }

  private void each(String prefix, BooleanSupplier stopping, Consumer<DatedObject> visitor) {
    List<DatedObject> page = storage.page(bucket, prefix, "", PAGE);
    while (!page.isEmpty() && !stopping.getAsBoolean()) {
      for (DatedObject object : page) {
        if (stopping.getAsBoolean()) {
          return;
        }
        visitor.accept(object);
      }
      String last = page.get(page.size() - 1).object().ref().key();
      page = page.size() < PAGE ? List.of() : storage.page(bucket, prefix, last, PAGE);
    }
  }

  /** Returns why no one needs a bundle; empty if its result names it, or may still be written. */
  private Optional<String> orphaned(DatedObject bundle, Instant now) {
    ObjectRef ref = bundle.object().ref();
    Matcher matcher = BUNDLE.matcher(ref.key());
    if (!matcher.matches() || !Job.isId(matcher.group(1))) {
      return Optional.empty();
    }
    Optional<JobResult> result = results.find(matcher.group(1));
    if (result.isEmpty()) {
      Instant longAgo = now.minus(age.multipliedBy(WITHOUT_RESULT));
      return bundle.modified().isBefore(longAgo)
          ? Optional.of("the job of this refined bundle has no result")
          : Optional.empty();
    }
    return isKept(result.get(), ref)
        ? Optional.empty()
        : Optional.of("no result names this refined bundle");
  }

  /** What is stored as a result but is not one says nothing about the job's bundles. */
  private static boolean isKept(JobResult result, ObjectRef bundle) {
    return result instanceof JobResult.Succeeded succeeded
        ? succeeded.output().equals(bundle)
        : ((JobResult.Failed) result).code() == ErrorCode.CORRUPT_RESULT;
  }

  private void unfinished(
      String prefix, Instant before, BooleanSupplier stopping, Finding finding) {
    List<UnfinishedUpload> uploads;
    try {
      uploads = storage.unfinishedUploads(bucket, prefix);
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.DENIED) {
        throw e;
      }
      log.info("Unfinished uploads are not removed: {}", e.getMessage());
      return;
    }
    for (UnfinishedUpload upload : uploads) {
      if (upload.begun().isBefore(before) && !stopping.getAsBoolean()) {
        finding.accept(
            new Leftover(upload.ref(), "an upload in parts was not finished", upload.begun()),
            () -> storage.abort(upload));
      }
    }
  }
}
