package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageMetadataTest {

  private static final BundleOptions GRAY = BundleOptions.AS_STORED.withChannels(1);

  @TempDir Path folder;

  @Test
  void chunksOfPngAreKeptByteForByte() throws Exception {
    byte[] source = Files.readAllBytes(TestImages.fixture("chunks.png"));
    List<String> before = chunks(source);
    before.removeIf(chunk -> chunk.startsWith("teST"));
    assertThat(chunks(refined("chunks.png", BundleOptions.AS_STORED))).isEqualTo(before);
    assertThat(before).hasSize(9);
  }

  @ParameterizedTest
  @CsvSource({
    "exif.png,eXIf",
    "exif.jpg,eXIf iCCP iTXt iTXt pHYs",
    "exif.webp,eXIf iCCP iTXt",
    "exif.tif,eXIf iCCP"
  })
  void metadataOfEveryFormatIsInTheRefinedPng(String name, String types) throws Exception {
    byte[] png = refined(name, BundleOptions.AS_STORED);
    assertThat(chunks(png))
        .extracting(chunk -> chunk.substring(0, 4))
        .containsExactlyInAnyOrder(types.split(" ", -1));
    ImageMetadata metadata = ImageCodec.metadata(png, "It", BundleLimits.DEFAULT);
    assertThat(metadata.orientation()).isEqualTo(6);
    assertThat(pixels(name, BundleOptions.AS_STORED)).isEqualTo("20x14 colour");
    assertThat(pixels(name, BundleOptions.DEFAULT)).isEqualTo("14x20 colour");
  }

  @Test
  void whatPngCannotHoldIsNamedWithACount() throws Exception {
    Path source = TestImages.zip(folder.resolve("s.zip"), "a.png=chunks.png", "b.png=chunks.png");
    assertThat(report(source, BundleOptions.AS_STORED).leftOut())
        .containsExactly(
            new Omission("PNG chunk teST of 2 images", "a PNG file has no place for it"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gray_palette.png", "gray.gif", "bits1.png"})
  void palettesWithOnlyGrayPixelsAreGray(String name) throws Exception {
    assertThat(pixels(name, BundleOptions.DEFAULT)).isEqualTo("20x14 gray");
  }

  @Test
  void equalChannelsAreGrayForAGrayModelOnly() throws Exception {
    assertThat(pixels("gray_rgb.png", BundleOptions.DEFAULT)).isEqualTo("20x14 colour");
    assertThat(pixels("gray_rgb.png", GRAY)).isEqualTo("20x14 gray");
    Path source = TestImages.zip(folder.resolve("s.zip"), "a.png=gray.png", "b.png=gray_rgb.png");
    assertThat(report(source, GRAY).remarks())
        .containsExactly("1 image is stored as colours with only gray pixels; read as gray");
    BundleException mixed =
        catchThrowableOfType(BundleException.class, () -> report(source, BundleOptions.AS_STORED));
    assertThat(mixed.fault()).isEqualTo(BundleFault.MIXED_SIZES);
  }

  @Test
  void theFirstImageInColourIsNamed() throws Exception {
    Path source =
        TestImages.zip(
            folder.resolve("s.zip"), "a.png=gray_rgb.png", "b.png=rgb.png", "c.png=palette.png");
    BundleException refusal =
        catchThrowableOfType(BundleException.class, () -> report(source, GRAY));
    assertThat(refusal.fault()).isEqualTo(BundleFault.NOT_GRAY);
    assertThat(refusal)
        .hasMessage(
            "Image 'b.png' is in colour, but the model takes gray images; convert it, or name another"
                + " model");
  }

  @Test
  void palettesAreColourAmongColours() throws Exception {
    Path source =
        TestImages.zip(folder.resolve("s.zip"), "a.png=rgb.png", "b.png=gray_palette.png");
    assertThat(report(source, BundleOptions.AS_STORED).remarks()).isEmpty();
  }

  @Test
  void orientationsThatDifferMakeSizesDiffer() throws Exception {
    Path source = TestImages.zip(folder.resolve("s.zip"), "a.png=rgb.png", "b.png=exif.png");
    assertThat(report(source, BundleOptions.AS_STORED).remarks()).isEmpty();
    BundleException refusal =
        catchThrowableOfType(BundleException.class, () -> TestBundles.read(source));
    assertThat(refusal.fault()).isEqualTo(BundleFault.MIXED_SIZES);
  }

  private String pixels(String name, BundleOptions options) throws Exception {
    Path source = TestImages.zip(folder.resolve("p.zip"), name + "=" + name);
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT, options)) {
      assertThat(reader.readLevels(1)).isPresent();
      return reader.info().shape().toString();
    }
  }

  private RewriteReport report(Path source, BundleOptions options) throws Exception {
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT, options);
        BundleWriter writer =
            Bundles.rewrite(
                folder.resolve("t.zip"),
                BundleFormat.ZIP,
                source,
                BundleLimits.DEFAULT,
                options,
                TestBundles.PROVENANCE)) {
      for (var batch = reader.readLevels(9); batch.isPresent(); batch = reader.readLevels(9)) {
        writer.write(batch.get());
      }
      writer.finish();
      return writer.report();
    }
  }

  /** Returns the PNG file that an image becomes. */
  private byte[] refined(String name, BundleOptions options) throws Exception {
    Path source = TestImages.zip(folder.resolve("s.zip"), name + "=" + name);
    report(source, options);
    try (ZipFile zip = new ZipFile(folder.resolve("t.zip").toFile());
        InputStream stream = zip.getInputStream(zip.getEntry(name))) {
      return stream.readAllBytes();
    }
  }

  /** Returns type and content of all chunks but those of pixels. */
  private static List<String> chunks(byte[] png) throws Exception {
    List<String> chunks = new ArrayList<>();
    FileBytes bytes = new FileBytes(png, ByteOrder.BIG_ENDIAN);
    for (long at = 8; at < png.length; at += 12 + bytes.u32(at)) {
      String type = bytes.text(at + 4, 4);
      if (Character.isLowerCase(type.charAt(0))) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(bytes.slice(at + 4, 4 + bytes.u32(at)));
        chunks.add(text.toString(StandardCharsets.ISO_8859_1));
      }
    }
    return chunks;
  }
}
