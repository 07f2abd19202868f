package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.storage.EntryLock;
import io.refinery.storage.EntryLocks;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.MemoryStorage;
import io.refinery.testkit.Race;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFilesTest {

  @TempDir private Path folder;

  private final MemoryStorage storage = new MemoryStorage();

  @Test
  void aBundleInUseIsKeptHoweverOldItIs() throws Exception {
    BundleFiles bundles = bundles();
    Path file;
    try (FetchedBundle used = stored(bundles, "a").fetch()) {
      file = used.path();
      makeOld(file);
      bundles.sweep();
      assertThat(file).hasContent("a");
    }
    bundles.sweep();
    assertThat(file).doesNotExist();
  }

  @Test
  void fetchingABundleAgainCountsAsUse() throws Exception {
    BundleFile bundle = stored(bundles(), "a");
    Path file = fetch(bundle);
    makeOld(file);
    fetch(bundle);
    bundles().sweep();
    assertThat(file).exists();
    assertThat(storage.downloads()).hasSize(1);
  }

  @Test
  void aPartialDownloadIsKeptWhileItsProcessDownloads() throws Exception {
    Path cache = Files.createDirectories(cache());
    Path dead = Files.writeString(cache.resolve("fetching-dead"), "half");
    Path alive = Files.writeString(cache.resolve("fetching-alive"), "half");
    EntryLock downloading = EntryLocks.of(cache).tryExclusive("fetching-alive").orElseThrow();
    try {
      bundles().sweep();
      assertThat(dead).doesNotExist();
      assertThat(alive).exists();
    } finally {
      downloading.close();
    }
  }

  @Test
  void aFailedDownloadLeavesNoFileAndNoLock() throws Exception {
    put("a");
    FailingStorage failing = new FailingStorage(storage, "download", object -> true, 1);
    BundleFiles bundles = new BundleFiles(Optional.of(failing.storage()), cache());
    BundleFile bundle = bundles.list(new DataSource(List.of("s3://data/a"))).get(0);
    assertThatThrownBy(bundle::fetch).isInstanceOf(StorageException.class);
    assertThat(files()).isEmpty();
    makeOld(fetch(bundle));
    bundles.sweep();
    assertThat(files()).isEmpty();
  }

  @Test
  void otherFilesAreLeftAlone() throws Exception {
    Path other = Files.createDirectories(cache().resolve("7-0123456789abcdef"));
    makeOld(other);
    bundles().sweep();
    assertThat(other).isDirectory();
  }

  @Test
  void concurrentSweepsDoNotDisturbEachOther() throws Exception {
    BundleFiles bundles = bundles();
    for (int i = 0; i < 200; i++) {
      makeOld(fetch(stored(bundles, "bundle-" + i)));
    }
    Race.of(
        4,
        number ->
            () -> {
              bundles.sweep();
              return number;
            });
    assertThat(files()).isEmpty();
  }

  private BundleFiles bundles() {
    return new BundleFiles(Optional.of(storage), cache());
  }

  private BundleFile stored(BundleFiles bundles, String key) throws BundleException {
    put(key);
    return bundles.list(new DataSource(List.of("s3://data/" + key))).get(0);
  }

  private void put(String key) {
    storage.put(new ObjectRef("data", key), key.getBytes(StandardCharsets.UTF_8));
  }

  private static Path fetch(BundleFile bundle) throws IOException {
    try (FetchedBundle fetched = bundle.fetch()) {
      return fetched.path();
    }
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(cache())) {
      return all.filter(file -> !file.getFileName().toString().equals(EntryLocks.FILE)).toList();
    }
  }

  private static void makeOld(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(8, ChronoUnit.DAYS)));
  }
}
