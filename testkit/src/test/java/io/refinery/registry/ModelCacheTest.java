package io.refinery.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.network.RefinerFile;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.MemoryStorage;
import io.refinery.testkit.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {

  private static final String REPORT = "report.html";
  private static final Set<String> ONNX = Set.of(Manifest.REFINER_ONNX);
  private static final int FILE_BYTES = 10_000;

  private final MemoryStorage storage = new MemoryStorage();

  @TempDir private Path folder;
  private Path cache;
  private Path content;

  @BeforeEach
  void write() throws IOException {
    cache = folder.resolve("cache");
    content = Files.writeString(folder.resolve("content"), "x".repeat(FILE_BYTES));
  }

  @Test
  void onlyRequestedFilesAreDownloaded() {
    ResolvedModel model = published("eyes");
    try (LocalModel local = registry().fetch(model, cache, ONNX)) {
      assertThat(downloads()).containsExactly(Manifest.REFINER_ONNX);
      assertThat(local.file(Manifest.REFINER_ONNX)).hasSize(FILE_BYTES);
      assertThat(local.refiner().paths()).containsOnlyKeys(RefinerFile.ONNX);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> local.file(REPORT))
          .withMessageContainingAll("eyes@1", REPORT, "was not fetched");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> local.file("nothing"))
          .withMessage("eyes@1 has no file nothing");
    }
  }

  @Test
  void aSubsetIsCompletedWhenMoreFilesAreRequested() {
    ResolvedModel model = published("eyes");
    registry().fetch(model, cache, ONNX).close();
    try (LocalModel all = registry().fetch(model, cache)) {
      assertThat(all.file(REPORT)).hasSize(FILE_BYTES);
      assertThat(all.refiner().paths()).containsOnlyKeys(RefinerFile.ONNX, RefinerFile.WEIGHTS);
    }
    assertThat(downloads()).doesNotHaveDuplicates().hasSize(3);
    try (LocalModel again = registry().fetch(model, cache, Set.of(REPORT))) {
      assertThat(again.refiner().paths()).isEmpty();
    }
    assertThat(downloads()).hasSize(3);
  }

  @Test
  void aFileThatTheVersionLacksIsOmitted() {
    ResolvedModel model = published("eyes");
    Set<String> half = Set.of(Manifest.REFINER_HALF_ONNX);
    try (LocalModel local = registry().fetch(model, cache, half)) {
      assertThat(local.refiner().paths()).isEmpty();
      assertThat(local.manifest().name()).isEqualTo("eyes");
    }
  }

  @Test
  void aDamagedFileOfASubsetIsReplacedAndTheOthersStay() throws IOException {
    ResolvedModel model = published("eyes");
    try (LocalModel local = registry().fetch(model, cache)) {
      Files.writeString(local.file(Manifest.REFINER_ONNX), "damaged");
      registry().fetch(model, cache, ONNX).close();
      assertThat(Files.mismatch(local.file(Manifest.REFINER_ONNX), content)).isEqualTo(-1);
    }
    assertThat(downloads()).hasSize(4);
  }

  @Test
  void aDamagedManifestIsReplacedAndTheFilesStay() throws IOException {
    ResolvedModel model = published("eyes");
    try (LocalModel local = registry().fetch(model, cache, ONNX)) {
      Files.writeString(local.file(Manifest.REFINER_ONNX).resolveSibling("manifest.json"), "{}");
    }
    registry().fetch(model, cache, ONNX).close();
    assertThat(downloads()).hasSize(1);
  }

  @Test
  void filesDamagedInTheStoreAreNotCached() throws IOException {
    ResolvedModel model = published("eyes");
    storage.put(object(model, REPORT), "y".repeat(FILE_BYTES).getBytes(UTF_8));
    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> registry().fetch(model, cache))
        .withMessageContainingAll("eyes@1", REPORT);
    assertThat(versions("eyes")).isEmpty();
    assertThat(cache.resolve(".incoming")).isDirectoryNotContaining(Files::isDirectory);
    registry().fetch(model, cache, ONNX).close();
  }

  @Test
  void leastRecentlyUsedVersionsAreEvictedForADownload() throws IOException {
    ModelRegistry registry = registry(3 * FILE_BYTES);
    ResolvedModel first = published("eyes");
    ResolvedModel second = published("eyes");
    fetchedAt(registry, first, 1);
    fetchedAt(registry, second, 2);
    fetchedAt(registry, first, 3);
    registry.fetch(published("hands"), cache, ONNX).close();
    assertThat(versions("eyes")).containsExactly(folder(first));
    assertThat(versions("hands")).hasSize(1);
  }

  @Test
  void aVersionInUseIsKeptHoweverOldItIs() throws IOException {
    ModelRegistry registry = registry(FILE_BYTES);
    ResolvedModel old = published("eyes");
    try (LocalModel used = registry.fetch(old, cache, ONNX)) {
      Files.setLastModifiedTime(
          used.file(Manifest.REFINER_ONNX).getParent(), FileTime.from(Instant.EPOCH));
      registry.fetch(published("eyes"), cache, ONNX).close();
      registry.fetch(published("eyes"), cache, ONNX).close();
      assertThat(used.file(Manifest.REFINER_ONNX)).exists();
      assertThat(versions("eyes")).hasSize(2);
    }
  }

  @Test
  void aVersionLargerThanTheCacheStaysUntilTheNextDownload() throws IOException {
    ModelRegistry registry = registry(1);
    try (LocalModel large = registry.fetch(published("eyes"), cache, ONNX)) {
      assertThat(large.file(Manifest.REFINER_ONNX)).exists();
    }
    registry.fetch(published("hands"), cache, ONNX).close();
    assertThat(versions("eyes")).isEmpty();
  }

  @Test
  void evictionLeavesOtherFoldersOfTheCacheAlone() throws IOException {
    Path bundle = Files.createDirectories(cache.resolve("bundles")).resolve("0".repeat(64));
    Files.write(bundle, new byte[FILE_BYTES]);
    registry(1).fetch(published("eyes"), cache, ONNX).close();
    assertThat(bundle).exists();
  }

  @Test
  void aDeadProcessesDownloadIsRemovedByTheNextDownload() throws IOException {
    Path dead = Files.createDirectories(cache.resolve(".incoming/model-dead"));
    registry().fetch(published("eyes"), cache, ONNX).close();
    assertThat(dead).doesNotExist();
  }

  @Test
  void concurrentFetchesAndEvictionsSucceed() throws Exception {
    ModelRegistry registry = registry(2 * FILE_BYTES);
    List<ResolvedModel> models = Stream.of("a", "b", "c", "d").map(this::published).toList();
    Race.of(
        8,
        number ->
            () -> {
              for (int i = 0; i < 20; i++) {
                try (LocalModel local =
                    registry.fetch(models.get((number + i) % models.size()), cache, ONNX)) {
                  assertThat(Files.mismatch(local.file(Manifest.REFINER_ONNX), content))
                      .isEqualTo(-1);
                }
              }
              return number;
            });
  }

  private ModelRegistry registry() {
    return registry(ModelRegistry.CACHE_BYTES);
  }

  /** With space for the manifests and some files. */
  private ModelRegistry registry(long bytes) {
    return new ModelRegistry(storage, "models", "models", bytes);
  }

  private ResolvedModel published(String name) {
    Map<String, Path> files =
        Map.of(Manifest.REFINER_ONNX, content, Manifest.REFINER_WEIGHTS, content, REPORT, content);
    ModelVersion version = registry().publish(Drafts.draft(name, 0.5, files));
    return registry().resolve(new ModelReference.ToVersion(version));
  }

  private static ObjectRef object(ResolvedModel model, String file) {
    ModelVersion version = model.version();
    return new ObjectRef(
        "models", "models/" + version.name() + "/versions/" + version.number() + "/" + file);
  }

  private List<String> downloads() {
    return storage.downloads().stream()
        .map(ref -> ref.key().substring(ref.key().lastIndexOf('/') + 1))
        .toList();
  }

  private void fetchedAt(ModelRegistry registry, ResolvedModel model, int second)
      throws IOException {
    try (LocalModel local = registry.fetch(model, cache, ONNX)) {
      Files.setLastModifiedTime(
          local.file(Manifest.REFINER_ONNX).getParent(),
          FileTime.from(Instant.ofEpochSecond(second)));
    }
  }

  private static String folder(ResolvedModel model) {
    return model.version().number() + "-" + model.manifestSha256().substring(0, 16);
  }

  private List<String> versions(String name) throws IOException {
    if (!Files.isDirectory(cache.resolve(name))) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(cache.resolve(name))) {
      return folders.map(path -> path.getFileName().toString()).toList();
    }
  }
}
