package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.storage.EntryLocks;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.feed.BundleFiles;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.feed.Domain;
import io.refinery.trainer.feed.FeedPosition;
import io.refinery.trainer.feed.PrefetchedFeed;
import io.refinery.trainer.plan.Schedule;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class DomainsIT {

  private static final TrainingPlan PLAN =
      Squares.plan(new Schedule(4, 0, 0, 1, 1, 1, 0)).with(Map.of("feed.window", "30"));

  @TempDir private Path folder;

  private final ObjectStorage storage;
  private final String bucket;

  DomainsIT(Stack stack) {
    storage = stack.storage();
    bucket = stack.bucket();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void bundlesInObjectStorageFeedTheSameImagesAsFiles() throws Exception {
    Path first = Squares.bundle(folder.resolve("1.h5"), Squares.images(Look.DARK, 40, 1));
    Path second = Squares.bundle(folder.resolve("2.h5"), Squares.images(Look.DARK, 25, 2));
    upload("parts/1.h5", first);
    upload("parts/2.h5", second);
    float[] files = images(DataSource.of(first, second));
    assertThat(images(stored("parts/"))).isEqualTo(files);
    assertThat(images(stored("parts/1.h5", "parts/2.h5"))).isEqualTo(files);
  }

  @Test
  void fetchedBundlesAreReusedAndReplacedOnesAreFetchedAgain() throws Exception {
    upload("changing.h5", Squares.bundle(folder.resolve("1.h5"), Squares.images(Look.DARK, 40, 1)));
    float[] before = images(stored("changing.h5"));
    assertThat(images(stored("changing.h5"))).isEqualTo(before);
    assertThat(fetched()).isEqualTo(1);
    upload("changing.h5", Squares.bundle(folder.resolve("2.h5"), Squares.images(Look.DARK, 40, 2)));
    assertThat(images(stored("changing.h5"))).isNotEqualTo(before);
    assertThat(fetched()).isEqualTo(2);
  }

  @Test
  void bundlesUnusedForAWeekAreRemoved() throws Exception {
    upload("old.h5", Squares.bundle(folder.resolve("1.h5"), Squares.images(Look.DARK, 9, 1)));
    upload("new.h5", Squares.bundle(folder.resolve("2.h5"), Squares.images(Look.DARK, 9, 2)));
    images(stored("old.h5"));
    Instant longAgo = Instant.now().minus(8, ChronoUnit.DAYS);
    try (Stream<Path> files = Files.list(cache())) {
      Files.setLastModifiedTime(
          files.filter(DomainsIT::isBundle).findAny().orElseThrow(), FileTime.from(longAgo));
    }
    images(stored("new.h5"));
    assertThat(fetched()).isEqualTo(2);
    new BundleFiles(Optional.of(storage), cache()).sweep();
    assertThat(fetched()).isEqualTo(1);
  }

  @Test
  void bundlesOfDifferentShapesAreRejectedByName() throws Exception {
    ImageShape other = new ImageShape(1, 8, 8);
    upload("mixed/1.h5", Squares.bundle(folder.resolve("1.h5"), Squares.images(Look.DARK, 9, 1)));
    upload(
        "mixed/2.h5",
        Squares.bundle(folder.resolve("2.h5"), new ImageBatch(9, other, new float[9 * 64])));
    assertThatThrownBy(() -> images(stored("mixed/")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("mixed/1.h5 are 16x12 gray")
        .hasMessageContaining("mixed/2.h5 are 8x8 gray");
  }

  @Test
  void theFoldersOfImagesAreTakenFromEveryZip() throws Exception {
    float[] first = images(DataSource.of(folders("folders/1.zip", 1, "cam1")));
    upload("folders/1.zip", folders("1.zip", 1, "cam1", "masks"));
    upload("folders/2.zip", folders("2.zip", 2, "cam1", "cam2"));
    DataSource both = stored("folders/");
    assertThatThrownBy(() -> images(both))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("folders/1.zip: The bundle has images in 'cam1' (12), 'masks' (12)")
        .hasMessageContaining("\"images\": [\"cam1\"]");
    DataSource one = new DataSource(stored("folders/1.zip").bundles(), List.of("cam1"));
    assertThat(images(one)).isEqualTo(first);
    Domain chosen = domain(new DataSource(both.bundles(), List.of("cam1")));
    assertThat(chosen.identities())
        .allMatch(identity -> identity.selection().equals(identity.content() + " [cam1]"));
    try (BundleReader reader = chosen.open()) {
      assertThat(count(reader)).isEqualTo(24);
    }
    DataSource all = new DataSource(stored("folders/2.zip").bundles(), List.of("*"));
    try (BundleReader reader = domain(all).open()) {
      assertThat(count(reader)).isEqualTo(24);
    }
    upload("folders/3.h5", Squares.bundle(folder.resolve("3.h5"), Squares.images(Look.DARK, 9, 1)));
    assertThatThrownBy(() -> images(new DataSource(both.bundles(), List.of("cam1"))))
        .hasMessageContaining("folders/3.h5: The bundle is HDF5, which has no folders of images");
  }

  private static long count(BundleReader reader) throws BundleException {
    long count = 0;
    for (var batch = reader.read(9); batch.isPresent(); batch = reader.read(9)) {
      count += batch.get().count();
    }
    return count;
  }

  /** Returns a ZIP with 12 images of the same names in each of some folders. */
  private Path folders(String name, long seed, String... folders) throws IOException {
    Path zip = Files.createDirectories(folder.resolve("zips")).resolve(name.replace('/', '-'));
    List<String> names = new ArrayList<>();
    for (String one : folders) {
      IntStream.range(0, 12).forEach(i -> names.add(one + "/%02d.png".formatted(i)));
    }
    ImageBatch images = Squares.images(Look.DARK, names.size(), seed);
    Path plain = folder.resolve("plain.zip");
    try (BundleWriter writer =
        Bundles.create(
            plain,
            BundleFormat.ZIP,
            images.shape(),
            images.count(),
            PixelType.UINT8,
            List.of(),
            new Provenance(Map.of()))) {
      writer.write(images);
      writer.finish();
    }
    try (ZipFile from = new ZipFile(plain.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (int i = 0; i < names.size(); i++) {
        to.putNextEntry(new ZipEntry(names.get(i)));
        to.write(from.getInputStream(from.getEntry("%06d.png".formatted(i))).readAllBytes());
      }
    }
    return zip;
  }

  @Test
  void missingObjectsAreNamed() {
    assertThatThrownBy(() -> images(stored("nothing.h5")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("There is no object s3://" + bucket + "/nothing.h5");
    assertThatThrownBy(() -> images(stored("nowhere/")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("There is no object below s3://" + bucket + "/nowhere/");
  }

  private float[] images(DataSource source) throws Exception {
    try (PrefetchedFeed feed = domain(source).feed(PLAN, 1, FeedPosition.START)) {
      return feed.next(150).pixels();
    }
  }

  private Domain domain(DataSource source) throws BundleException {
    return new Domain(source, new BundleFiles(Optional.of(storage), cache()));
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private long fetched() throws Exception {
    try (Stream<Path> files = Files.list(cache())) {
      return files.filter(DomainsIT::isBundle).count();
    }
  }

  private static boolean isBundle(Path file) {
    return !file.getFileName().toString().equals(EntryLocks.FILE);
  }

  private DataSource stored(String... keys) {
    return new DataSource(Stream.of(keys).map(key -> "s3://" + bucket + "/" + key).toList());
  }

  private void upload(String key, Path file) {
    storage.upload(new ObjectRef(bucket, key), file);
  }
}
