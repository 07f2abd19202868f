package io.refinery.faults;

import io.refinery.broker.DeadLetter;
import io.refinery.bundle.BundleException;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Compares what topics and buckets hold with what is guaranteed. */
final class Auditor {

  private static final long LARGEST_CLAIM = 1 << 20;

  /** A job ends within seconds of its deadline, unless its worker is suspended meanwhile. */
  static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final Evidence evidence;
  private final BundleAudit bundles;
  private final Map<String, List<byte[]>> results;
  private final Map<String, Set<String>> deadCodes;
  private final List<String> wrong = new ArrayList<>();
  private final Set<ObjectRef> named = new LinkedHashSet<>();
  private int succeeded;
  private int failed;
  private int cancelled;
  private int late;
  private int lost;
  private int different;
  private int repeated;

  private Auditor(Evidence evidence, Path scratch) {
    this.evidence = evidence;
    this.bundles = new BundleAudit(evidence.storage(), scratch);
    this.results =
        evidence.results().stream()
            .collect(
                Collectors.groupingBy(
                    ConsumerRecord::key,
                    LinkedHashMap::new,
                    Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
    this.deadCodes =
        evidence.dead().stream()
            .map(DeadLetter::new)
            .collect(
                Collectors.groupingBy(
                    DeadLetter::id, Collectors.mapping(DeadLetter::code, Collectors.toSet())));
  }

  /**
   * Audits a run in which all jobs have ended.
   *
   * @param sent how many jobs were sent and confirmed by the broker
   * @param scratch a folder for downloads
   */
  static Audit audit(Evidence evidence, int sent, Path scratch) {
    return new Auditor(evidence, scratch).audit(sent);
  }

  private Audit audit(int sent) {
    Set<String> ids =
        Stream.concat(evidence.jobs().stream(), evidence.controls().stream())
            .map(ConsumerRecord::key)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (ids.size() != sent) {
      wrong.add("%d jobs were confirmed, but the topics have %d".formatted(sent, ids.size()));
    }
    ids.forEach(this::job);
    results.keySet().stream()
        .filter(id -> !ids.contains(id))
        .forEach(id -> wrong.add(id + " has a result, but is not a job"));
    deadCodes.keySet().stream()
        .filter(id -> !ids.contains(id))
        .forEach(id -> wrong.add(id + " has a dead letter, but is not a job"));
    List<ObjectRef> orphans =
        evidence.storage().list(evidence.bucket(), "refined/").stream()
            .map(StoredObject::ref)
            .filter(ref -> !named.contains(ref))
            .toList();
    orphans.forEach(ref -> wrong.add(ref + " is named by no result"));
    return new Audit(
        ids.size(),
        succeeded,
        failed,
        cancelled,
        late,
        lost,
        different,
        repeated,
        evidence.dead().size(),
        named.size(),
        orphans.size(),
        List.copyOf(wrong));
  }

  private void job(String id) {
    List<byte[]> all = results.getOrDefault(id, List.of());
    if (all.isEmpty()) {
      lost++;
      wrong.add(id + " has no result");
      return;
    }
    byte[] first = all.get(0);
    for (byte[] again : all.subList(1, all.size())) {
      if (Arrays.equals(first, again)) {
        repeated++;
      } else {
        different++;
        wrong.add(id + " has two different results");
      }
    }
    claim(id, first);
    try {
      JobResult result = JobResult.parse(first);
      letters(id, result instanceof JobResult.Failed);
      result(id, result);
    } catch (IllegalArgumentException e) {
      wrong.add(id + " has a result that cannot be read: " + e.getMessage());
    }
  }

  private void claim(String id, byte[] published) {
    ObjectRef ref = new ObjectRef(evidence.bucket(), "results/" + id + ".json");
    try {
      if (!Arrays.equals(evidence.storage().read(ref, LARGEST_CLAIM).bytes(), published)) {
        wrong.add(ref + " differs from the result on the topic");
      }
    } catch (StorageException e) {
      wrong.add("The result of " + id + " is not in the store: " + e.getMessage());
    }
  }

  private void letters(String id, boolean hasFailed) {
    Set<String> expected =
        JobKind.of(id).letter(hasFailed).map(code -> Set.of(code.name())).orElse(Set.of());
    Set<String> actual = deadCodes.getOrDefault(id, Set.of());
    if (!actual.equals(expected)) {
      wrong.add("%s has dead letters with %s instead of %s".formatted(id, actual, expected));
    }
  }

  private void result(String id, JobResult result) {
    JobKind kind = JobKind.of(id);
    if (!result.jobId().equals(id)) {
      wrong.add(id + " has the result of " + result.jobId());
    } else if (result instanceof JobResult.Succeeded success) {
      succeeded++;
      if (!kind.maySucceed()) {
        wrong.add(id + " succeeded instead of failing with " + kind.code().orElseThrow());
      }
      if (deadline(success).filter(one -> isLongAfter(success.finished(), one)).isPresent()) {
        wrong.add(id + " succeeded long after its deadline");
      }
      bundle(success);
    } else if (result instanceof JobResult.Failed failure) {
      failed(id, failure, kind.code());
    }
  }

  private void failed(String id, JobResult.Failed failure, Optional<ErrorCode> expected) {
    if (!expected.equals(Optional.of(failure.code()))) {
      wrong.add("%s failed: %s, %s".formatted(id, failure.code(), failure.message()));
      return;
    }
    failed++;
    switch (failure.code()) {
      case CANCELLED -> {
        cancelled++;
        if (evidence.controls().stream().noneMatch(control -> control.key().equals(id))) {
          wrong.add(id + " is cancelled, but no message asked for that");
        }
      }
      case DEADLINE_PASSED -> {
        late++;
        if (!failure.job().map(this::isSent).orElse(false)
            || deadline(failure).filter(failure.finished()::isAfter).isEmpty()) {
          wrong.add(id + " was ended before its deadline");
        }
      }
      default -> {
        // Nothing else is to be said about it.
      }
    }
  }

  private static Optional<Instant> deadline(JobResult result) {
    return result.job().flatMap(Job::deadline);
  }

  private static boolean isLongAfter(Instant finished, Instant deadline) {
    return finished.isAfter(deadline.plus(TOLERANCE));
  }

  private boolean isSent(Job job) {
    return evidence.jobs().stream()
        .anyMatch(sent -> sent.key().equals(job.id()) && Arrays.equals(sent.value(), job.toJson()));
  }

  private void bundle(JobResult.Succeeded success) {
    if (!named.add(success.output())) {
      wrong.add(success.output() + " is named by two results");
    }
    if (success.job().isEmpty() || !isSent(success.job().get())) {
      wrong.add("The result of " + success.jobId() + " does not have a job that was sent");
      return;
    }
    try {
      bundles
          .compare(success)
          .forEach(difference -> wrong.add(success.jobId() + ": " + difference));
    } catch (BundleException | IOException | StorageException e) {
      wrong.add(success.jobId() + ": its bundle cannot be read: " + e.getMessage());
    }
  }
}
