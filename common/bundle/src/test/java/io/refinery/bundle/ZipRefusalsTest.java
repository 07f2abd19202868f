package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipRefusalsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "encrypted.zip|UNSUPPORTED|File 'b.txt' is encrypted; make the ZIP file without a password",
        "lzma.zip|UNSUPPORTED|File 'b.txt' is compressed with method LZMA, which cannot be read; make the ZIP file with deflate",
        "up.zip|UNSUPPORTED|The ZIP file has an entry 'b/../../c.png', which is not a path inside the bundle; rename it",
        "up_backslash.zip|UNSUPPORTED|The ZIP file has an entry '..\\c.png', which is not a path inside the bundle; rename it",
        "absolute.zip|UNSUPPORTED|The ZIP file has an entry '/etc/c.png', which is not a path inside the bundle; rename it",
        "drive.zip|UNSUPPORTED|The ZIP file has an entry 'C:/c.png', which is not a path inside the bundle; rename it",
        "link.zip|UNSUPPORTED|Image 'b.png' is a symbolic link; put the image itself into the ZIP file",
        "twice.zip|AMBIGUOUS|The ZIP file has two files 'b.png'; remove or rename one of them",
        "twice_backslash.zip|AMBIGUOUS|The ZIP file has two files 'b/c.png'; remove or rename one of them",
        "crc.zip|UNREADABLE|Image 'b.png' is corrupt or truncated: its checksum is wrong",
        "crc_text.zip|UNREADABLE|File 'b.txt' is corrupt or truncated: its checksum is wrong",
        "local.zip|UNREADABLE|Image 'a.png' has a header that differs from the ZIP file's directory",
        "size.zip|UNREADABLE|Image 'a.png' has a header that differs from the ZIP file's directory",
        "overlap.zip|UNREADABLE|Image 'b.png' overlaps another file in the ZIP file",
        "count.zip|UNREADABLE|The ZIP file declares 3 entries, but its directory has 2",
        "inside.zip|UNREADABLE|Image 'b.png' ends after the end of the ZIP file's data"
      })
  void theMessageSaysWhatIsWrong(String name, BundleFault fault, String message) throws Exception {
    Path file = Path.of(ZipRefusalsTest.class.getResource("/zips/" + name).toURI());
    BundleException refusal = refusal(file, BundleOptions.DEFAULT);
    assertThat(refusal).hasMessage(message);
    assertThat(refusal.fault()).isEqualTo(fault);
  }

  @Test
  void aZipWithoutItsEndIsUnreadable() throws Exception {
    Path file = Path.of(ZipRefusalsTest.class.getResource("/zips/cut.zip").toURI());
    assertThat(refusal(file, BundleOptions.DEFAULT).fault()).isEqualTo(BundleFault.UNREADABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deep.png|has 16 bits per channel; convert it to 8 bits",
        "deep.tif|has 16 bits per channel; convert it to 8 bits",
        "float.tif|has 32 bits per channel; convert it to 8 bits",
        "cmyk.jpg|is CMYK, neither gray nor RGB; convert it to RGB",
        "cmyk.tif|is CMYK, neither gray nor RGB; convert it to RGB",
        "alpha.png|has transparent pixels; remove its alpha channel",
        "alpha.webp|has transparent pixels; remove its alpha channel",
        "key.png|has transparent pixels; remove its alpha channel",
        "clear.gif|has transparent pixels; remove its alpha channel",
        "animated.png|has 3 frames; store each as an image of its own",
        "animated.gif|has 2 frames; store each as an image of its own",
        "animated.webp|has 2 frames; store each as an image of its own",
        "pages.tif|has 2 pages; store each as an image of its own",
        "part.gif|is a GIF whose image covers a part of its screen; convert it to PNG"
      })
  void soundImagesThatCannotBeRefinedAreUnsupported(String name, String message) throws Exception {
    Path file = TestImages.zip(folder.resolve("one.zip"), name + "=" + name);
    BundleException refusal = refusal(file, BundleOptions.DEFAULT);
    assertThat(refusal).hasMessage("Image '" + name + "' " + message);
    assertThat(refusal.fault()).isEqualTo(BundleFault.UNSUPPORTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"depth/1.exr", "a.HEIC", "logo.svg", "x.jp2", "raw/1.dng"})
  void filesNamedLikeImagesOfOtherFormatsAreRefused(String name) throws Exception {
    Path file = TestImages.zip(folder.resolve("two.zip"), "rgb/1.png=rgb.png", name);
    BundleException refusal = refusal(file, BundleOptions.DEFAULT);
    assertThat(refusal).hasMessageStartingWith("File '" + name + "' is an image of a kind that");
    assertThat(refusal.fault()).isEqualTo(BundleFault.UNSUPPORTED);
    assertThat(TestBundles.rewrite(file, folder.resolve("x"), options("rgb"))).exists();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100, 400})
  void aJpegThatLacksItsEndIsUnreadable(int missing) throws Exception {
    byte[] whole = Files.readAllBytes(TestImages.fixture("rgb.jpg"));
    byte[] part = Arrays.copyOf(whole, whole.length - missing);
    BundleException refusal =
        catchThrowableOfType(
            BundleException.class,
            () ->
                ParserErrors.guard(
                    "Image 'a.jpg'",
                    () ->
                        new ImageCodec()
                            .decode(
                                part,
                                "Image 'a.jpg'",
                                BundleLimits.DEFAULT,
                                new ImageCodec.Channels(false, false),
                                true)));
    assertThat(refusal).hasMessage("Image 'a.jpg' is corrupt or truncated: the file ends early");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images/1.png,masks/1.png",
        "images/1.png,data/train_labels/2.png",
        "train/1.png,test/1.jpg",
        "1.png,sub/1.png"
      })
  void imagesInSeveralFoldersThatMayBeMasksAreAmbiguous(String names) throws Exception {
    BundleException refusal = refusal(zip(names), BundleOptions.DEFAULT);
    assertThat(refusal.fault()).isEqualTo(BundleFault.AMBIGUOUS);
    assertThat(refusal.getMessage())
        .startsWith("The bundle has images in '")
        .contains("' (1), '", "name the folders of images, such as \"images\": [\"", "[\"*\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.png,1_mask.png",
        "a/1_rgb.png,a/1_depth.png",
        "mask-1.png,1.png",
        "1.jpg,1.png"
      })
  void masksBesideTheirImagesAreAmbiguous(String names) throws Exception {
    BundleException refusal = refusal(zip(names), BundleOptions.DEFAULT);
    assertThat(refusal.fault()).isEqualTo(BundleFault.AMBIGUOUS);
    assertThat(refusal.getMessage())
        .contains("' may be the mask of the other; name the images by a glob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/1.png,b/2.png", "1.png,2.png", "masks/1.png,masks/2.png", "a/1.png"})
  void otherImagesAreNot(String names) throws Exception {
    assertThat(TestBundles.info(zip(names)).count()).isEqualTo(names.split(",", -1).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "images|images/1.png,masks/1.png|1",
        "images/|images/1.png,images/deep/2.png,masks/1.png|2",
        ".|1.png,masks/1.png|1",
        "*_rgb.png|a/1_rgb.png,a/1_depth.png,b/2_rgb.png|2",
        "a/*.png|a/1.png,a/1_mask.jpg,a/b/2.png|1",
        "a/**|a/1.png,a/b/2.png,c/1.png|2",
        "**/rgb/*|rgb/1.png,a/b/rgb/2.png,a/rgb/c/3.png,xrgb/4.png|2",
        "?.png|1.png,12.png,a/2.png|2",
        "train;test|train/1.png,test/1.png,masks/1.png|2"
      })
  void namedFoldersAndGlobsChooseTheImages(String selected, String names, int count)
      throws Exception {
    BundleOptions options = options(selected.split(";", -1));
    try (BundleReader reader = Bundles.open(zip(names), BundleLimits.DEFAULT, options)) {
      assertThat(reader.info().count()).isEqualTo(count);
    }
  }

  @Test
  @Timeout(10)
  void noGlobTakesLong() {
    assertThat(new Glob("*a".repeat(128)).matches("a".repeat(10_000) + "b")).isFalse();
    assertThat(new Glob("**/".repeat(80) + "x").matches("a/".repeat(5_000) + "y")).isFalse();
  }

  @Test
  void imagesThatAreNotChosenAreCarried() throws Exception {
    BundleOptions options = options("images");
    Path file = zip("images/1.png,masks/1.png,masks/2.png");
    try (ZipBundle bundle = ZipBundle.open(file, BundleLimits.DEFAULT, options, false)) {
      assertThat(bundle.inventory().items())
          .extracting(item -> item.role() + " " + item.name())
          .containsExactly("IMAGES images/1.png", "CARRIED masks/*.png");
    }
  }

  @Test
  void aFolderWithoutImagesIsRefused() throws Exception {
    BundleException refusal = refusal(zip("a/1.png,b/2.png"), options("a", "c"));
    assertThat(refusal.fault()).isEqualTo(BundleFault.NO_IMAGES);
    assertThat(refusal)
        .hasMessage(
            "The bundle has no images in 'c'; its images are in 'a' (1), 'b' (1). Name folders from"
                + " the root of the ZIP file, or globs of names");
  }

  @Test
  void hdf5HasNoFoldersToChooseFrom() {
    BundleException refusal = refusal(TestBundles.fixture("gzip.h5"), options("a"));
    assertThat(refusal.fault()).isEqualTo(BundleFault.UNSUPPORTED);
  }

  private static BundleOptions options(String... images) {
    return BundleOptions.AS_STORED.withImages(List.of(images));
  }

  private Path zip(String names) throws Exception {
    return TestImages.zip(
        folder.resolve("some.zip"),
        List.of(names.split(",", -1)).stream().map(name -> name + "=gray.png").toList());
  }

  private BundleException refusal(Path file, BundleOptions options) {
    return catchThrowableOfType(
        BundleException.class, () -> TestBundles.rewrite(file, folder.resolve("target"), options));
  }
}
