package io.refinery.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StoredObject;
import io.refinery.testkit.Race;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class ModelRegistryIT {

  private static final MoveReason MOVE = new MoveReason(MoveReason.Cause.PROMOTION, "a test", "");

  private final ObjectStorage storage;
  private final String bucket;
  private final String prefix = "models-" + UUID.randomUUID();
  private final ModelRegistry registry;

  @TempDir private Path folder;
  private Path weights;
  private Path cache;

  ModelRegistryIT(Stack stack) {
    storage = stack.storage();
    bucket = stack.bucket();
    registry = new ModelRegistry(storage, bucket, prefix);
  }

  @BeforeEach
  void write() throws IOException {
    weights = Files.writeString(folder.resolve("weights"), "the refiner's weights");
    cache = folder.resolve("cache");
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private VersionDraft draft(String name) {
    return Drafts.draft(
        name, 0.5, Map.of(Manifest.REFINER_WEIGHTS, weights, "report.json", weights));
  }

  private ResolvedModel published() {
    return registry.resolve(new ModelReference.ToVersion(registry.publish(draft("eyes"))));
  }

  private ObjectRef object(ModelVersion version, String file) {
    return new ObjectRef(
        bucket, prefix + "/" + version.name() + "/versions/" + version.number() + "/" + file);
  }

  @Test
  void aPublishedVersionIsFetchedByteForByte() throws IOException {
    ResolvedModel model = published();

    LocalModel local = registry.fetch(model, cache);

    assertThat(local.version()).isEqualTo(new ModelVersion("eyes", 1));
    assertThat(local.manifest()).isEqualTo(registry.manifest(local.version()));
    assertThat(local.manifest().metrics()).containsEntry("refiner.loss", 0.5);
    assertThat(Files.mismatch(local.file(Manifest.REFINER_WEIGHTS), weights)).isEqualTo(-1);
  }

  @Test
  void concurrentPublishersGetDifferentNumbers() throws Exception {
    List<ModelVersion> versions = Race.of(8, number -> () -> registry.publish(draft("eyes")));

    List<Integer> oneToEight = IntStream.rangeClosed(1, 8).boxed().toList();
    assertThat(versions)
        .extracting(ModelVersion::number)
        .containsExactlyInAnyOrderElementsOf(oneToEight);
    assertThat(registry.versions("eyes")).isEqualTo(oneToEight);
  }

  @Test
  void aHalfPublishedVersionDoesNotExistAndItsNumberIsNotReused() {
    published();
    ModelVersion half = new ModelVersion("eyes", 2);
    storage.put(object(half, "claim"), "a publisher that died".getBytes(UTF_8));
    storage.upload(object(half, Manifest.REFINER_WEIGHTS), weights);

    assertThat(registry.versions("eyes")).containsExactly(1);
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.resolve(new ModelReference.ToVersion(half)));
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.moveChannel("eyes", "stable", 2, MOVE));
    assertThat(registry.publish(draft("eyes")).number()).isEqualTo(3);
  }

  @Test
  void publishingDoesNotChangeEarlierVersions() {
    published();
    List<StoredObject> before = storage.list(bucket, prefix + "/eyes/versions/1/");

    published();

    assertThat(storage.list(bucket, prefix + "/eyes/versions/1/")).isEqualTo(before);
  }

  @Test
  void aFileWithOneWrongByteIsRefusedByName() {
    ResolvedModel model = published();
    storage.put(
        object(model.version(), Manifest.REFINER_WEIGHTS), "the refiner's wEights".getBytes(UTF_8));

    assertRefused(model, Manifest.REFINER_WEIGHTS);
  }

  @Test
  void aFileThatIsTooShortTooLongOrMissingIsRefusedByName() {
    ResolvedModel model = published();
    ObjectRef file = object(model.version(), Manifest.REFINER_WEIGHTS);

    storage.put(file, "short".getBytes(UTF_8));
    assertRefused(model, Manifest.REFINER_WEIGHTS);
    storage.put(file, new byte[1000]);
    assertRefused(model, Manifest.REFINER_WEIGHTS);
    storage.delete(file);
    assertRefused(model, Manifest.REFINER_WEIGHTS);
  }

  @Test
  void aChangedManifestIsRefused() {
    ResolvedModel model = published();
    ObjectRef manifest = object(model.version(), "manifest.json");
    storage.put(manifest, (storage.read(manifest, 1 << 20).text() + " ").getBytes(UTF_8));

    assertRefused(model, "manifest.json");
  }

  private void assertRefused(ResolvedModel model, String file) {
    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> registry.fetch(model, cache))
        .withMessageContainingAll(model.version().toString(), file);
    assertThat(cache.resolve("eyes")).doesNotExist();
  }

  @Test
  void cachedFilesAreNotFetchedAgain() {
    ResolvedModel model = published();
    LocalModel first = registry.fetch(model, cache);
    storage
        .list(bucket, prefix + "/eyes/versions/")
        .forEach(object -> storage.delete(object.ref()));

    LocalModel second = registry.fetch(model, cache);
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(second.file(Manifest.REFINER_WEIGHTS)).hasSameBinaryContentAs(weights);
  }

  @Test
  void aDamagedCacheIsRepaired() throws IOException {
    ResolvedModel model = published();
    Path file = registry.fetch(model, cache).file(Manifest.REFINER_WEIGHTS);
    Files.writeString(file, "the refiner's wEights");

    registry.fetch(model, cache);

    assertThat(Files.mismatch(file, weights)).isEqualTo(-1);
  }

  @Test
  void concurrentFetchesCanShareACache() throws Exception {
    ResolvedModel model = published();

    List<LocalModel> fetched = Race.of(8, number -> () -> registry.fetch(model, cache));

    assertThat(fetched)
        .extracting(local -> local.file(Manifest.REFINER_WEIGHTS))
        .containsOnly(fetched.get(0).file(Manifest.REFINER_WEIGHTS));
    try (var folders = Files.list(cache.resolve("eyes"))) {
      assertThat(folders).hasSize(1);
    }
  }

  @Test
  void anUnknownReferenceIsRefusedWithTheExistingOnes() {
    published();
    published();
    registry.moveChannel("eyes", "latest", 2, MOVE);

    assertNotFound("hands", "no model hands", "eyes");
    assertNotFound("eyes@canary", "no channel canary", "latest");
    assertNotFound("eyes@9", "no version 9", "1, 2");
  }

  private void assertNotFound(String reference, String... parts) {
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.resolve(ModelReference.parse(reference)))
        .withMessageContainingAll(parts);
  }

  @Test
  void modelsAreListedByName() {
    registry.publish(draft("hands"));
    registry.publish(draft("eyes"));
    storage.put(object(new ModelVersion("feet", 1), "claim"), new byte[1]);

    assertThat(registry.models()).containsExactly("eyes", "hands");
    assertThat(registry.versions("feet")).isEmpty();
  }
}
