package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NumericLabelTest {

  private static final ImageShape SHAPE = new ImageShape(1, 4, 5);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aNameFindsTheSameNumbersInBothFormats(BundleFormat format) throws Exception {
    try (BundleReader reader = Bundles.open(bundle(format), BundleLimits.DEFAULT)) {
      NumericLabel x = reader.numbers("x").orElseThrow();
      assertThat(x.columns()).isEqualTo(1);
      assertThat(x.read(0, 4)).containsExactly(1.5, Double.NaN, -3, 4);
      NumericLabel gaze = reader.numbers("gaze").orElseThrow();
      assertThat(gaze.columns()).isEqualTo(3);
      assertThat(gaze.read(2, 2)).containsExactly(6, 7, 8, 9, 10, 11);
      assertThat(reader.numbers("gaze_1").orElseThrow().read(0, 4)).containsExactly(1, 4, 7, 10);
      assertThat(reader.numbers("gaze_3")).isEmpty();
      assertThat(reader.numbers("y")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void readingImagesAndNumbersCanBeInterleaved(BundleFormat format) throws Exception {
    try (BundleReader reader = Bundles.open(bundle(format), BundleLimits.DEFAULT)) {
      NumericLabel x = reader.numbers("x").orElseThrow();
      assertThat(reader.read(3).orElseThrow().count()).isEqualTo(3);
      assertThat(x.read(3, 1)).containsExactly(4);
      assertThat(reader.read(3).orElseThrow().count()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorNamesTheTextThatIsNotANumberAndItsImage(BundleFormat format) throws Exception {
    try (BundleReader reader = Bundles.open(bundle(format), BundleLimits.DEFAULT)) {
      NumericLabel note = reader.numbers("note").orElseThrow();
      assertThat(note.read(0, 1)).containsExactly(0.5);
      assertThatThrownBy(() -> note.read(0, 3))
          .isInstanceOf(BundleException.class)
          .hasMessage("Label 'note' of image 2 is 'left', which is not a number");
    }
  }

  @Test
  void anEmptyCellIsNaN() throws Exception {
    Path zip = bundle(BundleFormat.ZIP);
    Path emptied = folder.resolve("emptied.zip");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(emptied))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        byte[] bytes = in.readAllBytes();
        out.write(
            entry.getName().equals(ZipBundle.LABELS)
                ? new String(bytes, StandardCharsets.UTF_8)
                    .replace("-3.0", "")
                    .getBytes(StandardCharsets.UTF_8)
                : bytes);
      }
    }
    try (BundleReader reader = Bundles.open(emptied, BundleLimits.DEFAULT)) {
      assertThat(reader.numbers("x").orElseThrow().read(2, 2)).containsExactly(Double.NaN, 4);
    }
  }

  @Test
  void numbersAreReadFromOneDatasetPerImage() throws Exception {
    Path keyed = TestBundles.fixture("keyed.h5");
    List<String> numeric = new ArrayList<>();
    try (BundleReader reader = Bundles.open(keyed, BundleLimits.DEFAULT)) {
      for (String name : reader.info().labels()) {
        reader
            .numbers(name)
            .filter(label -> !name.equals("path"))
            .ifPresent(label -> numeric.add(name + " " + label.columns()));
      }
      assertThat(numeric).contains("look_vec 3");
      assertThat(reader.numbers("look_vec").orElseThrow().read(9, 1)).hasSize(3);
    }
  }

  @Test
  void numbersOfEveryTypeAreRead() throws Exception {
    try (BundleReader reader = Bundles.open(TestBundles.fixture("gzip.h5"), BundleLimits.DEFAULT)) {
      for (String name : List.of("int_i1", "int_big_u8", "float_big_f4", "float_little_f8")) {
        assertThat(reader.numbers(name).orElseThrow().read(4, 6)).as(name).doesNotContain(0);
      }
      assertThat(reader.numbers("landmarks").orElseThrow().columns()).isEqualTo(8);
      for (String name : List.of("empty", "compound", "ragged", "opaque", "few", "none")) {
        assertThat(reader.numbers(name)).as(name).isEmpty();
      }
    }
  }

  private Path bundle(BundleFormat format) throws Exception {
    float[] gaze = new float[12];
    for (int i = 0; i < gaze.length; i++) {
      gaze[i] = i;
    }
    return TestBundles.write(
        folder.resolve("bundle." + format.extension()),
        format,
        TestBundles.noise(SHAPE, 4),
        PixelType.UINT8,
        List.of(
            Label.floats("x", 1, new float[] {1.5f, Float.NaN, -3, 4}),
            Label.floats("gaze", 3, gaze),
            Label.strings("note", List.of("0.5", " ", "left", "1"))));
  }
}
