package io.refinery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.registry.DyingStorage.Killed;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StoredObject;
import io.refinery.testkit.Race;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests publications that take effect once, no matter how often they are tried. */
@StackTest
class PublicationIT {

  private static final String TRAINING = "training-1";

  /** More calls than any publication needs. */
  private static final int MANY = 200;

  private final ObjectStorage storage;
  private final String bucket;
  private final String prefix = "models-" + UUID.randomUUID();
  private final ModelRegistry registry;

  @TempDir private Path folder;

  PublicationIT(Stack stack) {
    storage = stack.storage();
    bucket = stack.bucket();
    registry = new ModelRegistry(storage, bucket, prefix);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  /** Returns the draft of one attempt, with unique files and a unique loss. */
  private VersionDraft draft(String model, int attempt) throws IOException {
    Path weights = folder.resolve("weights-" + attempt);
    Path report = folder.resolve("report-" + attempt);
    Files.writeString(weights, "the weights of attempt " + attempt);
    Files.writeString(report, "the report of attempt " + attempt);
    return Drafts.draft(
        model, attempt, Map.of(Manifest.REFINER_WEIGHTS, weights, "report.json", report));
  }

  private ModelRegistry dyingAfter(int calls) {
    return new ModelRegistry(new DyingStorage(storage, calls).storage(), bucket, prefix);
  }

  /**
   * Fetches the version, verifying every file's hash, and returns the attempt that published it.
   */
  private int attemptOf(ModelVersion version) throws IOException {
    LocalModel local =
        registry.fetch(
            registry.resolve(new ModelReference.ToVersion(version)), folder.resolve("cache"));
    assertThat(local.manifest().publication()).contains(TRAINING);
    int attempt = local.manifest().metrics().get("refiner.loss").intValue();
    assertThat(local.file(Manifest.REFINER_WEIGHTS))
        .hasContent("the weights of attempt " + attempt);
    assertThat(local.file("report.json")).hasContent("the report of attempt " + attempt);
    return attempt;
  }

  /** Unused version numbers keep their claims and nothing else. */
  private void assertNothingIsLeftBeside(ModelVersion version) {
    String versions = prefix + "/" + version.name() + "/versions/";
    assertThat(storage.list(bucket, versions))
        .extracting(StoredObject::ref)
        .extracting(ObjectRef::key)
        .filteredOn(key -> !key.startsWith(versions + version.number() + "/"))
        .allMatch(key -> key.endsWith("/claim"));
  }

  @Test
  void aRepeatedPublicationReturnsTheFirst() throws IOException {
    ModelVersion first = registry.publishOnce(draft("eyes", 1), TRAINING);
    List<StoredObject> before = storage.list(bucket, prefix + "/eyes/");

    assertThat(registry.publishOnce(draft("eyes", 2), TRAINING)).isEqualTo(first);
    assertThat(registry.finishPublication("eyes", TRAINING)).contains(first);
    assertThat(attemptOf(first)).isEqualTo(1);
    assertThat(storage.list(bucket, prefix + "/eyes/")).isEqualTo(before);
  }

  @Test
  void differentPublicationsAreDifferentVersions() throws IOException {
    ModelVersion one = registry.publishOnce(draft("eyes", 1), TRAINING);
    ModelVersion two = registry.publishOnce(draft("eyes", 2), "training-2");
    ModelVersion oneOff = registry.publish(draft("eyes", 3));
    ModelVersion hand = registry.publishOnce(draft("hands", 4), TRAINING);

    assertThat(List.of(one, two, oneOff)).extracting(ModelVersion::number).containsExactly(1, 2, 3);
    assertThat(hand).isEqualTo(new ModelVersion("hands", 1));
    assertThat(registry.manifest(two).publication()).contains("training-2");
    assertThat(registry.manifest(oneOff).publication()).isEmpty();
  }

  @Test
  void anUndecidedPublicationCannotBeFinished() throws IOException {
    registry.publish(draft("eyes", 1));

    assertThat(registry.finishPublication("eyes", TRAINING)).isEmpty();
    assertThat(registry.finishPublication("hands", TRAINING)).isEmpty();
  }

  @Test
  void ofConcurrentAttemptsOneIsPublishedAndAllReturnIt() throws Exception {
    for (int round = 0; round < 5; round++) {
      String model = "eyes-" + round;

      List<ModelVersion> versions =
          Race.of(8, number -> () -> registry.publishOnce(draft(model, number), TRAINING));

      assertThat(versions).containsOnly(versions.get(0));
      assertThat(registry.versions(model)).containsExactly(versions.get(0).number());
      assertThat(attemptOf(versions.get(0))).isBetween(0, 7);
      assertNothingIsLeftBeside(versions.get(0));
    }
  }

  @Test
  void afterAKillAtAnyCallTheNextTryPublishesOnce() throws IOException {
    int survived = -1;
    for (int calls = 0; survived < 0; calls++) {
      assertThat(calls).as("calls of a publication").isLessThan(MANY);
      String model = "eyes-" + calls;
      VersionDraft first = draft(model, 1);
      ModelRegistry dying = dyingAfter(calls);
      boolean killed = true;
      try {
        dying.publishOnce(first, TRAINING);
        killed = false;
        survived = calls;
      } catch (Killed e) {
        assertThat(registry.versions(model)).hasSizeLessThan(2);
      }

      ModelVersion version = registry.publishOnce(draft(model, 2), TRAINING);

      assertThat(registry.versions(model))
          .as("killed %s", killed)
          .containsExactly(version.number());
      assertThat(attemptOf(version)).isBetween(1, 2);
      assertNothingIsLeftBeside(version);
    }
    // Find nothing decided, list, claim, two uploads, decide, read, find, list, put: at least ten.
    assertThat(survived).isGreaterThanOrEqualTo(10);
  }

  @Test
  void repeatedKillsStillEndWithOneVersion() throws IOException {
    List<ModelVersion> published = new ArrayList<>();
    for (int calls = 0; published.isEmpty(); calls++) {
      assertThat(calls).as("calls of a publication").isLessThan(MANY);
      VersionDraft draft = draft("eyes", calls);
      ModelRegistry dying = dyingAfter(calls);
      try {
        published.add(dying.publishOnce(draft, TRAINING));
      } catch (Killed e) {
        assertThat(registry.versions("eyes")).hasSizeLessThan(2);
      }
    }

    assertThat(registry.versions("eyes")).containsExactly(published.get(0).number());
    attemptOf(published.get(0));
    assertNothingIsLeftBeside(published.get(0));
  }

  @Test
  void finishingCompletesADecidedPublicationAfterAKillAtAnyCall() throws IOException {
    boolean alive = false;
    int finished = 0;
    for (int calls = 0; !alive; calls++) {
      assertThat(calls).as("calls of a publication").isLessThan(MANY);
      String model = "eyes-" + calls;
      VersionDraft draft = draft(model, 1);
      ModelRegistry dying = dyingAfter(calls);
      try {
        dying.publishOnce(draft, TRAINING);
        alive = true;
      } catch (Killed e) {
        assertThat(registry.versions(model)).isEmpty();
      }

      var version = registry.finishPublication(model, TRAINING);

      assertThat(registry.versions(model)).hasSize(version.isPresent() ? 1 : 0);
      if (version.isPresent()) {
        assertThat(attemptOf(version.get())).isEqualTo(1);
        finished++;
      }
    }
    assertThat(finished).as("killed after it was decided").isGreaterThan(1);
  }

  @Test
  void anInvalidIdIsRefused() throws IOException {
    VersionDraft draft = draft("eyes", 1);
    for (String id : List.of("", "a/b", "a b", "x".repeat(129))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> registry.publishOnce(draft, id))
          .withMessageContaining("'" + id + "'");
    }
  }

  @Test
  void aPublicationWithAForeignManifestIsRefused() throws IOException {
    VersionDraft draft = draft("eyes", 1);
    registry.publishOnce(draft, "training-0");
    ObjectRef first = new ObjectRef(bucket, prefix + "/eyes/publications/training-0.json");
    ObjectRef second = new ObjectRef(bucket, prefix + "/eyes/publications/training-1.json");
    storage.put(second, storage.read(first, 1 << 20).bytes());

    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> registry.publishOnce(draft, TRAINING))
        .withMessageContaining(TRAINING);
  }
}
