package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {

  private static final ImageShape SMALL = new ImageShape(1, 4, 5);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "HDF5,UINT8,1",
    "HDF5,UINT8,3",
    "HDF5,FLOAT32,1",
    "HDF5,FLOAT32,3",
    "ZIP,UINT8,1",
    "ZIP,UINT8,3"
  })
  void imagesAreReadBackAsWritten(BundleFormat format, PixelType pixels, int channels)
      throws Exception {
    ImageBatch images = TestBundles.noise(new ImageShape(channels, 35, 55), 700);
    Path file = folder.resolve("bundle");
    TestBundles.write(file, format, images, pixels, List.of());
    BundleInfo info = new BundleInfo(format, images.shape(), 700, pixels, List.of());
    assertThat(TestBundles.info(file)).isEqualTo(info);
    assertThat(Arrays.mismatch(TestBundles.read(file).pixels(), images.pixels())).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void labelsAreListed(BundleFormat format) throws Exception {
    List<String> names = IntStream.range(0, 3).mapToObj(i -> "eye/" + i).toList();
    List<Label> labels =
        List.of(Label.strings("path", names), Label.floats("gaze/yaw", 1, new float[3]));
    Path file = folder.resolve("bundle");
    TestBundles.write(file, format, TestBundles.noise(SMALL, 3), PixelType.UINT8, labels);
    assertThat(TestBundles.info(file).labels()).containsExactlyInAnyOrder("path", "gaze/yaw");
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void withoutFinishThereIsNoFile(BundleFormat format) throws Exception {
    Path file = folder.resolve("bundle");
    try (BundleWriter writer =
        Bundles.create(
            file, format, SMALL, 3, PixelType.UINT8, List.of(), TestBundles.PROVENANCE)) {
      writer.write(TestBundles.noise(SMALL, 2));
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The bundle takes 3 images, but 2 were written");
      assertThat(file).doesNotExist();
    }
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void noTemporaryFilesRemain(BundleFormat format) throws Exception {
    List<Label> labels = List.of(Label.strings("path", List.of("a", "b")));
    Path file = folder.resolve("bundle");
    TestBundles.write(file, format, TestBundles.noise(SMALL, 2), PixelType.UINT8, labels);
    assertThat(files()).containsExactly(file);
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void theSameImagesGiveTheSameBytes(BundleFormat format) throws Exception {
    List<Label> labels = List.of(Label.strings("path", List.of("a", "b")));
    ImageBatch images = TestBundles.noise(SMALL, 2);
    Path one = TestBundles.write(folder.resolve("1"), format, images, PixelType.UINT8, labels);
    Path two = TestBundles.write(folder.resolve("2"), format, images, PixelType.UINT8, labels);
    assertThat(one).hasSameBinaryContentAs(two);
  }

  @ParameterizedTest
  @EnumSource(BundleFormat.class)
  void imagesThatDoNotFitAreRefused(BundleFormat format) throws Exception {
    float[] broken = new float[SMALL.values()];
    broken[3] = Float.NaN;
    try (BundleWriter writer =
        Bundles.create(
            folder.resolve("bundle"),
            format,
            SMALL,
            1,
            PixelType.UINT8,
            List.of(),
            TestBundles.PROVENANCE)) {
      assertThatThrownBy(() -> writer.write(new ImageBatch(1, SMALL, broken)))
          .hasMessage("Image 0 (counted from 0) has a NaN pixel");
      assertThatThrownBy(() -> writer.write(TestBundles.noise(SMALL, 2)))
          .hasMessage("The bundle takes 1 images, not 2");
      assertThatThrownBy(() -> writer.write(TestBundles.noise(new ImageShape(1, 5, 4), 1)))
          .hasMessage("The bundle takes images of 5x4 gray, not 4x5 gray");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
