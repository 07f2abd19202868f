package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.LevelBatch;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipCopyTest {

  private static final String PROVENANCE =
      "{\"refinery.model\":\"eyes@7\",\"refinery.engine\":\"onnx\",\"refinery.note\":\"\"";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"names.zip", "utf8.zip", "methods.zip"})
  void everythingButTheImagesIsTheSameBitForBitAndInOrder(String name) throws Exception {
    Path source = fixture(name);
    Path target = copy(source).target();
    List<String> before = describe(source);
    assertThat(describe(target)).isEqualTo(before);
  }

  @Test
  void namesOfSeveralCharacterSetsAreWrittenAsUtf8AndRemarked() throws Exception {
    Copy copy = copy(fixture("mixed.zip"));
    assertThat(names(copy.target())).containsExactly("cp437_é.png", "é.png");
    assertThat(copy.report().remarks())
        .containsExactly("names in several character sets are written as UTF-8");
  }

  @Test
  void namesAreReadInTheirCharacterSetAndWithSlashes() throws Exception {
    assertThat(names(fixture("names.zip")))
        .containsExactly(
            "imgs/",
            "readme.txt",
            "imgs/cp437_é.png",
            "docs/a.md",
            "imgs/utf8_é.png",
            "imgs/日本.png",
            "run.sh",
            ".hidden.png",
            "__MACOSX/imgs/._1.png",
            "docs/b.md",
            "imgs/back.png",
            "imgs/labels.csv");
  }

  @Test
  void everyFileIsInTheInventoryOnce() throws Exception {
    try (ZipBundle bundle = ZipBundle.open(fixture("names.zip"), BundleLimits.DEFAULT)) {
      assertThat(bundle.inventory().items())
          .extracting(item -> item.role() + " " + item.name() + ": " + item.description())
          .containsExactly(
              "IMAGES imgs/*.png: 4 images of 20x14 gray",
              "NAMES imgs/labels.csv: name: 4 rows by path in its folder",
              "LABEL imgs/labels.csv: v: float64",
              "CARRIED readme.txt: it is not a label",
              "CARRIED docs/*.md: 2 files: it is not a label",
              "CARRIED run.sh: it is not a label",
              "CARRIED .hidden.png: it is not a label",
              "CARRIED __MACOSX/imgs/._1.png: it is not a label",
              "CARRIED imgs/: folder");
    }
  }

  @Test
  void commentOfTheSourceIsKept() throws Exception {
    assertThat(comment(copy(fixture("names.zip")).target()))
        .isEqualTo(PROVENANCE + ",\"refinery.comment\":\"made by hand\"}");
  }

  @Test
  void provenanceOfAnEarlierRefinementIsKept() throws Exception {
    Path once = copy(fixture("methods.zip")).target();
    Path twice = copy(once).target();
    assertThat(comment(twice))
        .isEqualTo(PROVENANCE + ",\"refinery.previous\":" + PROVENANCE + "}}");
  }

  @Test
  void bytesBetweenTheFilesAreRemarked() throws Exception {
    assertThat(copy(fixture("gap.zip")).report().remarks())
        .containsExactly(
            "100 bytes between the files of the ZIP belong to none of them and are not copied");
  }

  @Test
  void whatHdf5CannotHoldIsNamed() throws Exception {
    Path target = folder.resolve("new.h5");
    Path source =
        TestImages.zip(
            folder.resolve("source.zip"),
            "a.jpg=exif.jpg",
            "b.png=exif.png",
            "readme.txt",
            "x/y.md");
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT);
        BundleWriter writer =
            Bundles.rewrite(
                target, BundleFormat.HDF5, source, BundleLimits.DEFAULT, TestBundles.PROVENANCE)) {
      writer.write(reader.readLevels(2).orElseThrow());
      writer.finish();
      assertThat(writer.report().leftOut())
          .extracting(Omission::what)
          .contains(
              "EXIF of 2 images",
              "ICC profile of 1 image",
              "text of 1 image",
              "pixel size of 1 image",
              "readme.txt",
              "x/y.md");
      assertThat(writer.report().remarks())
          .contains(
              "2 images are turned upright, as the EXIF orientation says; labels in pixels are not");
    }
    assertThat(TestBundles.info(target).shape()).hasToString("14x20 colour");
  }

  private record Copy(Path target, RewriteReport report) {}

  /** Copies every image as it is. */
  private Copy copy(Path source) throws Exception {
    Path target = Files.createTempFile(folder, "copy", ".zip");
    BundleOptions options = BundleOptions.AS_STORED;
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT, options);
        BundleWriter writer =
            Bundles.rewrite(
                target,
                BundleFormat.ZIP,
                source,
                BundleLimits.DEFAULT,
                options,
                TestBundles.PROVENANCE)) {
      for (Optional<LevelBatch> batch = reader.readLevels(3);
          batch.isPresent();
          batch = reader.readLevels(3)) {
        writer.write(batch.get());
      }
      writer.finish();
      return new Copy(target, writer.report());
    }
  }

  private static Path fixture(String name) throws Exception {
    return Path.of(ZipCopyTest.class.getResource("/zips/" + name).toURI());
  }

  private static List<String> names(Path file) throws Exception {
    try (ZipDirectory directory = ZipDirectory.open(file, true)) {
      return directory.items().stream().map(ZipItem::name).toList();
    }
  }

  private static String comment(Path file) throws Exception {
    try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile(), ZipNames.RAW)) {
      return zip.getComment();
    }
  }

  /** Describes each entry by everything about it, but an image by what does not change. */
  private static List<String> describe(Path file) throws Exception {
    List<String> entries = new ArrayList<>();
    try (ZipFile zip =
        ZipFile.builder()
            .setPath(file)
            .setCharset(ZipNames.RAW)
            .setUseUnicodeExtraFields(false)
            .get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        List<Object> parts = new ArrayList<>();
        parts.add(hex(entry.getRawName()));
        parts.add(ZipNames.isDeclared(entry));
        parts.add(entry.getTime());
        parts.add(entry.getExternalAttributes());
        parts.add(entry.getInternalAttributes());
        parts.add(entry.getPlatform());
        parts.add(entry.getComment() == null ? "" : entry.getComment());
        parts.add(hex(entry.getCentralDirectoryExtra()));
        parts.add(hex(entry.getLocalFileDataExtra()));
        if (!ImageKinds.isImage(ZipNames.path(entry))) {
          parts.add(entry.getMethod());
          parts.add(entry.getCrc());
          try (InputStream stored = zip.getRawInputStream(entry)) {
            parts.add(hex(stored.readAllBytes()));
          }
        }
        entries.add(parts.toString());
      }
    }
    return entries;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
