package io.refinery.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Omission;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackingTest {

  private static final PackOptions AS_IT_IS =
      new PackOptions(Optional.empty(), false, List.of(), Optional.empty(), List.of());

  @TempDir Path folder;

  @Test
  void aFolderBecomesABundleWhoseRowsBelongToTheirImages() throws Exception {
    Path source = Files.createDirectory(folder.resolve("photos"));
    for (int i = 0; i < 12; i++) {
      image(source.resolve(i + ".png"), 20, 10, i * 20);
    }
    StringBuilder table = new StringBuilder("level;file\n");
    for (int i = 11; i >= 0; i--) {
      table.append(i * 20).append(";C:\\eyes\\").append(i).append(".jpg\n");
    }
    Files.writeString(source.resolve("labels.csv"), table);
    Files.writeString(source.resolve("readme.txt"), "Eyes.");
    Path bundle = folder.resolve("photos.h5");

    PackReport report = pack(source, bundle, AS_IT_IS);

    assertThat(report.images()).isEqualTo(12);
    assertThat(report.shape()).isEqualTo(new ImageShape(1, 10, 20));
    assertThat(report.leftOut()).extracting(Omission::what).contains("readme.txt");
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT)) {
      byte[] levels = reader.readLevels(12).orElseThrow().levels();
      double[] labels = reader.numbers("level").orElseThrow().read(0, 12);
      for (int i = 0; i < 12; i++) {
        assertThat(levels[i * 200] & 0xFF).isEqualTo((int) labels[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gaze//x", "/gaze", "gaze/", "./gaze"})
  void aLabelThatHdf5CannotNameIsRefused(String name) throws Exception {
    Path source = folder.resolve("arrays.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(source))) {
      addArray(zip, "images", "(2, 4, 5)", 40);
      addArray(zip, name, "(2,)", 2);
    }

    assertThatThrownBy(() -> pack(source, folder.resolve("photos.h5"), AS_IT_IS))
        .isInstanceOfSatisfying(
            BundleException.class, e -> assertThat(e.fault()).isEqualTo(BundleFault.UNSUPPORTED))
        .hasMessageContaining("'" + name + "': rename it");
  }

  @Test
  void pointsOfUnityEyesMoveWithThePixels() throws Exception {
    Path source = Files.createDirectory(folder.resolve("unity"));
    // A bright square around (200, 120) of a picture of 320 x 240.
    BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 110; y < 130; y++) {
      for (int x = 190; x < 210; x++) {
        image.setRGB(x, y, 0xFFFFFF);
      }
    }
    ImageIO.write(image, "png", source.resolve("1.png").toFile());
    Files.writeString(
        source.resolve("1.json"),
        """
        {"interior_margin_2d": ["(200.0000, 120.0000, 9.5)"],
         "caruncle_2d": ["(200.0000, 120.0000, 9.5)"],
         "iris_2d": ["(200.0000, 120.0000, 9.5)"],
         "eye_details": {"look_vec": "(0.1000, 0.2000, -0.9000, 0.0000)", "pupil_size": "-0.1"},
         "lighting_details": {"skybox_texture": "a"},
         "eye_region_details": {"pca_shape_coeffs": ["1.0"]},
         "head_pose": "(350.0, 180.0, 0.0)"}
        """);
    Path bundle = folder.resolve("unity.h5");

    PackReport report =
        pack(
            source,
            bundle,
            new PackOptions(
                Optional.of(new PackOptions.Size(32, 16)),
                true,
                List.of(),
                Optional.empty(),
                List.of()));

    assertThat(report.shape()).isEqualTo(new ImageShape(1, 16, 32));
    assertThat(report.remarks()).anyMatch(remark -> remark.startsWith("Moved with the pixels: "));
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT)) {
      String iris =
          reader.info().labels().stream()
              .filter(label -> label.endsWith("iris_2d"))
              .findFirst()
              .orElseThrow();
      double[] point = reader.numbers(iris).orElseThrow().read(0, 1);
      // The part taken is 320 x 160 from (0, 40); it is scaled by a tenth.
      assertThat(point[0]).isCloseTo(20, within(1e-9));
      assertThat(point[1]).isCloseTo(8, within(1e-9));
      byte[] levels = reader.readLevels(1).orElseThrow().levels();
      assertThat(levels[8 * 32 + 20] & 0xFF).isGreaterThan(200);
      assertThat(levels[8 * 32 + 10] & 0xFF).isZero();
    }
  }

  @Test
  void twoColumnsOfATableMoveAsAPoint() throws Exception {
    Path source = Files.createDirectory(folder.resolve("columns"));
    image(source.resolve("a.png"), 40, 20, 9);
    Files.writeString(source.resolve("labels.csv"), "file,iris_x,iris_y,age\na.png,10,5,30\n");
    PackOptions options =
        new PackOptions(
            Optional.of(new PackOptions.Size(20, 20)),
            false,
            List.of(),
            Optional.empty(),
            List.of("iris"));

    pack(source, folder.resolve("columns.h5"), options);

    try (BundleReader reader = Bundles.open(folder.resolve("columns.h5"), BundleLimits.DEFAULT)) {
      // The part taken is 20 x 20 from (10, 0).
      assertThat(reader.numbers("iris_x").orElseThrow().read(0, 1)).containsExactly(0);
      assertThat(reader.numbers("iris_y").orElseThrow().read(0, 1)).containsExactly(5);
      assertThat(reader.numbers("age").orElseThrow().read(0, 1)).containsExactly(30);
    }
  }

  @Test
  void aTarOfAWebDatasetBecomesABundle() throws Exception {
    Path tar = folder.resolve("shard-000.tar");
    try (TarArchiveOutputStream stream = new TarArchiveOutputStream(Files.newOutputStream(tar))) {
      for (int i = 0; i < 3; i++) {
        Path png = image(folder.resolve("x.png"), 4, 3, 50 * i);
        add(stream, "00%d.png".formatted(i), Files.readAllBytes(png));
        add(stream, "00%d.cls".formatted(i), Integer.toString(i).getBytes(StandardCharsets.UTF_8));
      }
    }
    Path bundle = folder.resolve("shard.h5");

    PackReport report = pack(tar, bundle, AS_IT_IS);

    assertThat(report.labels()).contains("cls");
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT)) {
      assertThat(reader.numbers("cls").orElseThrow().read(0, 3)).containsExactly(0, 1, 2);
    }
  }

  @Test
  void anArrayOfMatlabBecomesABundle() throws Exception {
    Path mat = Path.of(PackingTest.class.getResource("/arrays/mpiigaze.mat").toURI());
    Path bundle = folder.resolve("day01.h5");

    PackReport report = pack(mat, bundle, AS_IT_IS);

    assertThat(report.shape()).isEqualTo(new ImageShape(1, 3, 2));
    assertThat(report.labels())
        .containsExactly("data/left/gaze", "data/left/pose", "data/left/row", "filenames");
    assertThat(report.leftOut()).extracting(Omission::what).containsExactly("title");
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT)) {
      assertThat(reader.readLevels(4).orElseThrow().levels()).startsWith(0, 1, 10, 11, 20, 21, 100);
      assertThat(reader.numbers("data/left/gaze").orElseThrow().read(1, 1))
          .containsExactly(1, 1.25, 1.5);
    }
  }

  @Test
  void imagesOfSeveralSizesNeedASize() throws Exception {
    Path source = Files.createDirectory(folder.resolve("mixed"));
    image(source.resolve("a.png"), 8, 8, 9);
    image(source.resolve("b.png"), 9, 8, 9);

    assertThatThrownBy(() -> pack(source, folder.resolve("mixed.h5"), AS_IT_IS))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("give all one size with --size");
    assertThat(folder.resolve("mixed.h5")).doesNotExist();
  }

  @Test
  void aBundleBecomesAFolderAndABundleAgain() throws Exception {
    Path mat = Path.of(PackingTest.class.getResource("/arrays/mpiigaze.mat").toURI());
    Path bundle = folder.resolve("day01.h5");
    pack(mat, bundle, AS_IT_IS);
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));

    Packing.unpack(bundle, unpacked, BundleLimits.DEFAULT, (done, of) -> {});
    Path again = folder.resolve("again.h5");
    pack(unpacked, again, AS_IT_IS);

    try (BundleReader one = Bundles.open(bundle, BundleLimits.DEFAULT);
        BundleReader two = Bundles.open(again, BundleLimits.DEFAULT)) {
      assertThat(two.readLevels(4).orElseThrow().levels())
          .isEqualTo(one.readLevels(4).orElseThrow().levels());
      assertThat(two.numbers("data/left/gaze").orElseThrow().read(0, 4))
          .isEqualTo(one.numbers("data/left/gaze").orElseThrow().read(0, 4));
    }
  }

  private static void addArray(ZipOutputStream zip, String name, String shape, int bytes)
      throws IOException {
    String header = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}\n";
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    zip.write(header.getBytes(StandardCharsets.US_ASCII));
    zip.write(new byte[bytes]);
    zip.closeEntry();
  }

  private static PackReport pack(Path source, Path target, PackOptions options)
      throws BundleException, IOException {
    return Packing.pack(source, target, options, new Provenance(Map.of()), (done, of) -> {});
  }

  private static Path image(Path file, int width, int height, int level) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, level);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
