package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {

  private static final BundleLimits DEFAULT = BundleLimits.DEFAULT;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nan.h5|BAD_PIXELS|Image 3 (counted from 0) has a pixel value of NaN; float32 pixels must be in [0, 1]",
        "levels_as_floats.h5|BAD_PIXELS|Image 0 (counted from 0) has a pixel value of 5.0; float32 pixels must be in [0, 1]",
        "mixed_sizes.h5|MIXED_SIZES|Image 'b' is 5x5 gray while the first image is 5x6 gray; all images must have one size and be all gray or all colour",
        "missing_label.h5|AMBIGUOUS|Label 'look_vec' does not have the keys of the images: it lacks 1 ('b')",
        "signed.h5|UNSUPPORTED|Dataset 'images' has pixels of type int8; convert them to uint8 (0 to 255) or float32 (0 to 1)",
        "none.h5|NO_IMAGES|The bundle contains no images",
        "other.h5|NO_IMAGES|The HDF5 file has neither a dataset 'images' nor a group 'image' at its root; it has [pictures]",
        "outside.h5|UNSUPPORTED|The HDF5 file's 'images' is a link to 'images' in another file (gzip.h5), which is not read; copy the data into the bundle",
        "hollow.h5|TOO_MANY_IMAGES|The bundle has 1000000000 images; at most 10000000 are accepted",
        "mixed_sizes.zip|MIXED_SIZES|Image '1.png' is 5x5 gray while the first image is 5x6 gray; all images must have one size and be all gray or all colour",
        "mixed_colours.zip|MIXED_SIZES|Image '1.png' is 5x6 colour while the first image is 5x6 gray; all images must have one size and be all gray or all colour",
        "deep.zip|UNSUPPORTED|Image '0.png' has 16 bits per channel; convert it to 8 bits",
        "transparent.zip|UNSUPPORTED|Image '0.png' has transparent pixels; remove its alpha channel",
        "text.zip|UNREADABLE|Image '0.png' is not a PNG, JPEG, BMP, GIF, TIFF or WebP file",
        "make_bundles.py|NOT_A_BUNDLE|The file is neither HDF5 nor ZIP: it has the signature of neither"
      })
  void theMessageSaysWhatIsWrong(String name, BundleFault fault, String message) {
    refused(TestBundles.fixture(name), DEFAULT, fault, message);
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void everyLimitHasItsFault(BundleFormat format) throws Exception {
    Path file =
        TestBundles.write(
            folder.resolve("bundle"),
            format,
            TestBundles.noise(new ImageShape(1, 6, 5), 10),
            PixelType.UINT8,
            List.of());
    long bytes = Files.size(file);
    assertThat(TestBundles.read(file, new BundleLimits(bytes, 6, 10, 10)).count()).isEqualTo(10);
    refused(
        file,
        new BundleLimits(bytes - 1, 6, 10, 10),
        BundleFault.TOO_MANY_BYTES,
        "The bundle has " + bytes + " bytes; at most " + (bytes - 1) + " are accepted");
    refused(
        file,
        new BundleLimits(bytes, 6, 9, 10),
        BundleFault.TOO_MANY_IMAGES,
        "The bundle has 10 images; at most 9 are accepted");
    String where = format == BundleFormat.HDF5 ? "Dataset 'images'" : "Image '000000.png'";
    refused(
        file,
        new BundleLimits(bytes, 5, 10, 10),
        BundleFault.IMAGE_TOO_LARGE,
        where + " is 5x6 pixels; at most 5 per side are accepted");
    assertThat(TestBundles.read(file, new BundleLimits(bytes, 6, 10, 10, 30)).count())
        .isEqualTo(10);
    refused(
        file,
        new BundleLimits(bytes, 6, 10, 10, 29),
        BundleFault.IMAGE_TOO_LARGE,
        where + " is 5x6 pixels; at most 29 pixels per image are accepted");
    refused(file, new BundleLimits(bytes, 6, 10, 0.01), BundleFault.INFLATES_TOO_MUCH, "");
  }

  @Test
  void declaredSizesAreCheckedBeforeAnythingIsAllocated() {
    BundleLimits many = new BundleLimits(1 << 20, 4096, Long.MAX_VALUE, 1000);
    refused(TestBundles.fixture("hollow.h5"), many, BundleFault.INFLATES_TOO_MUCH, "");
  }

  @Test
  void pngThatClaimsToBeHugeIsRefusedByItsHeader() throws Exception {
    refused(
        zip("huge.png", pngHeader(2_000_000_000, 1), 1),
        DEFAULT,
        BundleFault.IMAGE_TOO_LARGE,
        "Image 'huge.png' is 2000000000x1 pixels; at most 4096 per side are accepted");
    refused(
        zip("large.png", pngHeader(4096, 4096), 1),
        DEFAULT.withPixels(1 << 20),
        BundleFault.IMAGE_TOO_LARGE,
        "Image 'large.png' is 4096x4096 pixels; at most 1048576 pixels per image are accepted");
  }

  private static byte[] pngHeader(int width, int height) {
    ByteBuffer header = ByteBuffer.allocate(17);
    header.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    header.put(new byte[] {8, 0, 0, 0, 0});
    CRC32 checksum = new CRC32();
    checksum.update(header.array());
    ByteBuffer png = ByteBuffer.allocate(33).putLong(0x89504E470D0A1A0AL).putInt(13);
    return png.put(header.array()).putInt((int) checksum.getValue()).array();
  }

  @Test
  void zipBombIsRefusedWhileItInflates() throws Exception {
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    start.write(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
    BundleLimits strict = new BundleLimits(1 << 20, 4096, 10, 100);
    Path bomb = zip("bomb.jpg", start.toByteArray(), 64 << 20);
    assertThat(Files.size(bomb)).isLessThan(100_000);
    refused(bomb, strict, BundleFault.INFLATES_TOO_MUCH, "");
  }

  @Test
  void emptyZipHasNoImages() throws Exception {
    Path file = folder.resolve("empty.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setComment("nothing");
    }
    refused(file, DEFAULT, BundleFault.NO_IMAGES, "The bundle contains no images");
  }

  private Path zip(String name, byte[] start, int zeros) throws Exception {
    Path file = folder.resolve("one.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(start);
      byte[] block = new byte[1 << 16];
      for (int left = zeros; left > 0; left -= block.length) {
        zip.write(block, 0, Math.min(left, block.length));
      }
      zip.closeEntry();
    }
    return file;
  }

  private void refused(Path file, BundleLimits limits, BundleFault fault, String message) {
    BundleException refusal =
        catchThrowableOfType(
            BundleException.class,
            () -> TestBundles.rewrite(file, folder.resolve("target"), limits));
    assertThat(refusal.fault()).as(refusal.getMessage()).isEqualTo(fault);
    if (!message.isEmpty()) {
      assertThat(refusal).hasMessage(message);
    }
    assertThat(folder.resolve("target")).doesNotExist();
  }
}
