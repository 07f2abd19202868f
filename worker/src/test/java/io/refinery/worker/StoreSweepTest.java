package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import io.refinery.storage.StoredObject;
import io.refinery.storage.UnfinishedUpload;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSweepTest {

  private static final String BUCKET = "bucket";
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final Duration DAY = Duration.ofDays(1);

  private final MemoryStorage store = new MemoryStorage();
  private final Instant now = Instant.now();

  private ObjectRef object(String key, Duration age) {
    ObjectRef ref = new ObjectRef(BUCKET, key);
    store.put(ref, new byte[] {1});
    store.date(ref, now.minus(age));
    return ref;
  }

  private ObjectRef bundle(String job, char digit, Duration age) {
    return object("refined/" + job + "-" + String.valueOf(digit).repeat(16) + ".h5", age);
  }

  private void succeed(String job, ObjectRef output) {
    result(
        new JobResult.Succeeded(
            job,
            output,
            HASH,
            1,
            1,
            new ModelVersion("eyes", 1),
            HASH,
            "engine",
            "cpu",
            now,
            now,
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private void fail(String job) {
    result(
        new JobResult.Failed(
            job, ErrorCode.UNREADABLE, "It is so.", now, Optional.empty(), Optional.empty()));
  }

  private void result(JobResult result) {
    store.put(new ObjectRef(BUCKET, "results/" + result.jobId() + ".json"), result.toJson());
  }

  private UnfinishedUpload upload(String key, Duration age) {
    UnfinishedUpload upload =
        new UnfinishedUpload(new ObjectRef(BUCKET, key), "id-" + key, now.minus(age));
    store.begin(upload);
    return upload;
  }

  private List<String> removed() {
    List<String> keys = new ArrayList<>();
    new StoreSweep(store, BUCKET, DAY).run(leftover -> keys.add(leftover.ref().key()));
    return keys;
  }

  private List<String> keys(String prefix) {
    return store.list(BUCKET, prefix).stream().map(object -> object.ref().key()).toList();
  }

  @Test
  void aRefinedBundleThatNoResultNamesIsRemovedAfterADay() {
    ObjectRef named = bundle("won", 'a', DAY.multipliedBy(30));
    ObjectRef lost = bundle("won", 'b', DAY.plusMinutes(1));
    ObjectRef late = bundle("won", 'c', DAY.minusMinutes(1));
    succeed("won", named);
    ObjectRef failed = bundle("my-failed.job", 'd', DAY.plusMinutes(1));
    fail("my-failed.job");

    assertThat(removed()).containsExactlyInAnyOrder(lost.key(), failed.key());
    assertThat(keys("refined/")).containsExactly(named.key(), late.key());
  }

  @Test
  void aBundleWhoseJobHasNoResultIsKeptForAWeek() {
    ObjectRef running = bundle("running", 'a', DAY.multipliedBy(7).minusMinutes(1));
    ObjectRef gone = bundle("gone", 'a', DAY.multipliedBy(7).plusMinutes(1));

    assertThat(removed()).containsExactly(gone.key());
    assertThat(keys("refined/")).containsExactly(running.key());
  }

  @Test
  void nothingIsRemovedOnTheWordOfAnObjectThatIsNotAResult() {
    ObjectRef bundle = bundle("spoilt", 'a', DAY.multipliedBy(30));
    store.put(new ObjectRef(BUCKET, "results/spoilt.json"), new byte[] {'{'});

    assertThat(removed()).isEmpty();
    assertThat(keys("refined/")).containsExactly(bundle.key());
  }

  @Test
  void objectsOfUsersAreNeverRemoved() {
    Duration old = DAY.multipliedBy(1000);
    List<String> own =
        List.of(
            "bundles/eyes.h5",
            "models/eyes/versions/1/refiner.onnx",
            "probes",
            "refined/eyes.h5",
            "refined/mine/a-0123456789abcdef.h5",
            "trainings/t/checkpoint",
            "users/a-0123456789abcdef.h5");
    own.forEach(key -> object(key, old));
    UnfinishedUpload users = upload("users/large.h5", old);

    assertThat(removed()).isEmpty();
    assertThat(keys("")).containsAll(own);
    assertThat(store.unfinishedUploads(BUCKET, "users/")).containsExactly(users);
  }

  @ParameterizedTest
  @ValueSource(strings = {"returned/", "attempts/"})
  void countsOfDeliveriesAreRemovedAfterAWeek(String prefix) {
    object(prefix + "old", DAY.multipliedBy(7).plusMinutes(1));
    object(prefix + "new", DAY.multipliedBy(7).minusMinutes(1));

    assertThat(removed()).containsExactly(prefix + "old");
    assertThat(keys(prefix)).containsExactly(prefix + "new");
  }

  @Test
  void probesAndUnfinishedUploadsAreRemovedAfterADay() {
    object("probe/old", DAY.plusMinutes(1));
    object("probe/new", DAY.minusMinutes(1));
    upload("bundles/old.h5", DAY.plusMinutes(1));
    upload("refined/old.h5", DAY.plusMinutes(1));
    UnfinishedUpload running = upload("bundles/new.h5", DAY.minusMinutes(1));

    assertThat(removed())
        .containsExactlyInAnyOrder("probe/old", "bundles/old.h5", "refined/old.h5");
    assertThat(keys("probe/")).containsExactly("probe/new");
    assertThat(store.unfinishedUploads(BUCKET, "")).containsExactly(running);
  }

  @Test
  void aListRemovesNothing() {
    ObjectRef lost = bundle("gone", 'a', DAY.multipliedBy(8));
    upload("bundles/old.h5", DAY.plusMinutes(1));
    List<Leftover> found = new ArrayList<>();

    new StoreSweep(store, BUCKET, DAY).list(found::add);

    assertThat(found)
        .extracting(leftover -> leftover.ref().key())
        .containsExactly(lost.key(), "bundles/old.h5");
    assertThat(keys("")).containsExactly(lost.key());
    assertThat(store.unfinishedUploads(BUCKET, "")).hasSize(1);
  }

  @Test
  void moreThanOnePageIsSwept() {
    for (int i = 0; i < 2001; i++) {
      bundle("job" + i, 'a', DAY.multipliedBy(8));
    }

    assertThat(removed()).hasSize(2001);
    assertThat(keys("refined/")).isEmpty();
  }

  @Test
  void oneLeftoverThatCannotBeRemovedDoesNotKeepTheOthers() {
    bundle("a", 'a', DAY.multipliedBy(8));
    bundle("b", 'b', DAY.multipliedBy(8));
    ObjectStorage failing =
        new FailingStorage(
                store, "delete", ref -> true, 1, () -> new StorageException(Kind.DENIED, "as told"))
            .storage();
    List<Leftover> removed = new ArrayList<>();

    new StoreSweep(failing, BUCKET, DAY).run(removed::add);

    assertThat(removed).hasSize(1);
    assertThat(keys("refined/")).hasSize(1);
  }

  @Test
  void processesSweepInTurns() {
    SweepTurn turn = new SweepTurn(store, BUCKET);
    assertThat(turn.take(DAY)).isPresent();
    assertThat(turn.take(DAY)).isEmpty();
    assertThat(keys(SweepTurn.PREFIX)).hasSize(1);

    store.list(BUCKET, SweepTurn.PREFIX).stream()
        .map(StoredObject::ref)
        .forEach(marker -> store.date(marker, now.minus(DAY.plusMinutes(1))));

    assertThat(turn.take(DAY)).isPresent();
    assertThat(keys(SweepTurn.PREFIX)).hasSize(1);
  }

  @Test
  void aCleanerSweepsAtItsStart() {
    bundle("gone", 'a', DAY.multipliedBy(8));
    try (StoreCleaner cleaner =
        StoreCleaner.start(new StoreSweep(store, BUCKET, DAY), Duration.ofHours(1))) {
      assertThat(cleaner).isNotNull();
      await().untilAsserted(() -> assertThat(keys("refined/")).isEmpty());
    }
  }
}
