package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipTest {

  @TempDir Path folder;

  @Test
  void namesAndLabelsAreKeptByteForByteFromZipToZip() throws Exception {
    Path source = TestBundles.fixture("eyes.zip");
    Path target = TestBundles.rewrite(source, folder.resolve("new.zip"), BundleFormat.ZIP);
    assertThat(images(target)).isEqualTo(images(source)).hasSize(10).contains("eyes/7.png");
    assertThat(bytes(target, "eyes/labels.csv")).isEqualTo(bytes(source, "eyes/labels.csv"));
    assertThat(TestBundles.info(target)).isEqualTo(TestBundles.info(source));
    float[] before = TestBundles.read(source).pixels();
    assertThat(Arrays.mismatch(TestBundles.read(target).pixels(), before)).isEqualTo(-1);
  }

  @Test
  void provenanceIsTheCommentOfTheZip() throws Exception {
    Path target =
        TestBundles.rewrite(
            TestBundles.fixture("eyes.zip"), folder.resolve("new.zip"), BundleFormat.ZIP);
    try (ZipFile zip = new ZipFile(target.toFile())) {
      assertThat(zip.getComment())
          .isEqualTo(
              "{\"refinery.model\":\"eyes@7\",\"refinery.engine\":\"onnx\",\"refinery.note\":\"\"}");
    }
  }

  @Test
  void labelsOfAZipBecomeColumnsInTheImagesOrder() throws Exception {
    Path target =
        TestBundles.rewrite(
            TestBundles.fixture("eyes.zip"), folder.resolve("new.h5"), BundleFormat.HDF5);
    assertThat(TestBundles.info(target).labels()).containsExactly("id", "iris_x", "note", "path");
    try (HdfBundle bundle = HdfBundle.open(target, BundleLimits.DEFAULT)) {
      assertThat(text(bundle, "path"))
          .startsWith("eyes/10.png", "eyes/9.png")
          .endsWith("eyes/1.png");
      assertThat(text(bundle, "iris_x")).startsWith("1.25", "1.125").endsWith("0.125");
      assertThat(text(bundle, "id")).startsWith("010", "09").endsWith("01");
      assertThat(text(bundle, "note")).startsWith("é, \"10\"");
    }
  }

  private static List<String> text(HdfBundle bundle, String name) throws BundleException {
    Column column =
        bundle.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    ColumnText text = new ColumnText(column);
    return LongStream.range(0, 10)
        .mapToObj(
            row -> {
              try {
                return text.row(row, 10).get(0);
              } catch (BundleException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  @Test
  void labelsOfAnHdf5BundleBecomeATable() throws Exception {
    Path target =
        TestBundles.rewrite(
            TestBundles.fixture("keyed.h5"), folder.resolve("new.zip"), BundleFormat.ZIP);
    assertThat(images(target)).startsWith("synthetic/0.png", "synthetic/1.png");
    assertThat(new String(bytes(target, "labels.csv"), StandardCharsets.UTF_8).lines())
        .startsWith(
            "name,key,file,look_vec_0,look_vec_1,look_vec_2,path",
            "synthetic/0.png,000000,1.png,0.0,0.0,-0.0,synthetic/0.png",
            "synthetic/1.png,000001,7.png,1.0,0.14285715,-0.0,synthetic/1.png");
  }

  @Test
  void namesThatLeaveTheFolderOrRepeatBecomeNumbers() throws Exception {
    List<String> names =
        List.of("../../up", "/root.png", "a\\..\\b", "c:/d", "e", "e", "", "labels.csv", "f/g.jpg");
    ImageBatch images = TestBundles.noise(new ImageShape(1, 2, 2), names.size());
    Path file =
        TestBundles.write(
            folder.resolve("new.zip"),
            BundleFormat.ZIP,
            images,
            PixelType.UINT8,
            List.of(Label.strings("path", names)));
    assertThat(images(file))
        .containsExactly(
            "000000.png",
            "000001.png",
            "000002.png",
            "000003.png",
            "e.png",
            "000005.png",
            "000006.png",
            "labels.csv.png",
            "f/g.jpg");
  }

  @Test
  void jpegAndPalettesAreRead() throws Exception {
    Path file = folder.resolve("mixed.zip");
    BufferedImage gray = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(3, 2, 0, 200);
    BufferedImage flat = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    flat.getRaster().setSamples(0, 0, 8, 8, 0, new int[64]);
    BufferedImage bits = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setSample(3, 2, 0, 1);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      add(zip, "a.png", gray, "png");
      add(zip, "b.JPEG", flat, "jpeg");
      add(zip, "c.png", bits, "png");
    }
    float[] pixels = TestBundles.read(file).pixels();
    assertThat(pixels[2 * 8 + 3]).isEqualTo(200 / 127.5f - 1f);
    assertThat(pixels[64]).isEqualTo(-1f);
    assertThat(pixels[128 + 2 * 8 + 3]).isEqualTo(1f);
    assertThat(pixels[128]).isEqualTo(-1f);
  }

  @Test
  void channelsKeepTheirOrder() throws Exception {
    ImageShape shape = new ImageShape(3, 1, 1);
    float[] red = {1f, -1f, 0.2f};
    Path file =
        TestBundles.write(
            folder.resolve("red.zip"),
            BundleFormat.ZIP,
            new ImageBatch(1, shape, red),
            PixelType.UINT8,
            List.of());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      BufferedImage image = ImageIO.read(zip.getInputStream(zip.getEntry("000000.png")));
      assertThat(image.getRGB(0, 0)).isEqualTo(0xFFFF0099);
    }
    assertThat(TestBundles.read(file).pixels()).containsExactly(1f, -1f, 153 / 127.5f - 1f);
  }

  private static void add(ZipOutputStream zip, String name, BufferedImage image, String format)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes.toByteArray());
    zip.closeEntry();
  }

  private static List<String> images(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().map(ZipEntry::getName).filter(ImageKinds::isImage).toList();
    }
  }

  private static byte[] bytes(Path file, String name) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }
}
