package io.refinery.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
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
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class ModelRegistryIT {

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
    return new VersionDraft(
        name,
        RefinerNetwork.eyes(),
        DiscriminatorNetwork.eyes(),
        new ImageShape(1, 35, 55),
        Preprocessing.NONE,
        Json.mapper().createObjectNode().put("steps", 100),
        Map.of("refiner.loss", 0.5),
        "dl4j",
        Optional.empty(),
        Map.of(Manifest.REFINER_WEIGHTS, weights, "report.json", weights));
  }

  private ResolvedModel published() {
    return registry.resolve(new ModelReference.ToVersion(registry.publish(draft("eyes"))));
  }

  private ObjectRef object(ModelVersion version, String file) {
    return new ObjectRef(
        bucket, prefix + "/" + version.name() + "/versions/" + version.number() + "/" + file);
  }

  @Test
  void whatIsPublishedIsFetchedToTheByte() throws IOException {
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
  void aHalfPublishedVersionDoesNotExistAndItsNumberStaysUnused() {
    published();
    ModelVersion half = new ModelVersion("eyes", 2);
    storage.put(object(half, "claim"), "a publisher that died".getBytes(UTF_8));
    storage.upload(object(half, Manifest.REFINER_WEIGHTS), weights);

    assertThat(registry.versions("eyes")).containsExactly(1);
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.resolve(new ModelReference.ToVersion(half)));
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.moveChannel("eyes", "stable", 2));
    assertThat(registry.publish(draft("eyes")).number()).isEqualTo(3);
  }

  @Test
  void publishingChangesNothingOfEarlierVersions() {
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
  void aFileThatIsTooShortTooLongOrGoneIsRefusedByName() {
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
    assertThat(cache.resolve("eyes")).isEmptyDirectory();
  }

  @Test
  void whatIsInTheCacheIsNotFetchedAgain() {
    ResolvedModel model = published();
    LocalModel first = registry.fetch(model, cache);
    storage
        .list(bucket, prefix + "/eyes/versions/")
        .forEach(object -> storage.delete(object.ref()));

    assertThat(registry.fetch(model, cache)).isEqualTo(first);
  }

  @Test
  void aDamagedCacheIsMended() throws IOException {
    ResolvedModel model = published();
    Path file = registry.fetch(model, cache).file(Manifest.REFINER_WEIGHTS);
    Files.writeString(file, "the refiner's wEights");

    registry.fetch(model, cache);

    assertThat(Files.mismatch(file, weights)).isEqualTo(-1);
  }

  @Test
  void manyMayFetchIntoOneCacheAtOnce() throws Exception {
    ResolvedModel model = published();

    List<LocalModel> fetched = Race.of(8, number -> () -> registry.fetch(model, cache));

    assertThat(fetched).containsOnly(fetched.get(0));
    assertThat(cache.resolve("eyes"))
        .isDirectoryContaining(path -> path.equals(fetched.get(0).folder()));
    try (var folders = Files.list(cache.resolve("eyes"))) {
      assertThat(folders).hasSize(1);
    }
  }

  @Test
  void aChannelIsWhereItWasMovedTo() {
    published();
    published();

    registry.moveChannel("eyes", "stable", 1);
    ChannelPointer moved = registry.moveChannel("eyes", "stable", 2);

    ResolvedModel model = registry.resolve(ModelReference.parse("eyes"));
    assertThat(model.version()).isEqualTo(new ModelVersion("eyes", 2));
    assertThat(model.manifestSha256()).isEqualTo(moved.manifestSha256());
    assertThat(registry.channels("eyes")).containsExactly(Map.entry("stable", moved));
    assertThat(registry.fetch(model, cache).version().number()).isEqualTo(2);
  }

  @Test
  void movesFromManyThreadsAllSucceed() throws Exception {
    for (int version = 1; version <= 4; version++) {
      published();
    }

    List<ChannelPointer> moves =
        Race.of(8, number -> () -> registry.moveChannel("eyes", "latest", number % 4 + 1));

    assertThat(moves)
        .extracting(ChannelPointer::version)
        .isEqualTo(IntStream.range(0, 8).map(number -> number % 4 + 1).boxed().toList());
    assertThat(moves).contains(registry.channels("eyes").get("latest"));
  }

  @Test
  void whatIsUnknownIsSaidWithWhatThereIs() {
    published();
    published();
    registry.moveChannel("eyes", "latest", 2);

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
