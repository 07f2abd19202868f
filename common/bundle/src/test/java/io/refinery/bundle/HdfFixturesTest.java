package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests on bundles written by h5py (make_bundles.py in their folder). */
class HdfFixturesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "gzip.h5,UINT8,1,10", "split_chunks.h5,UINT8,1,10", "lzf_colour.h5,UINT8,3,10",
    "float_big_endian.h5,FLOAT32,1,10", "float_shuffled.h5,FLOAT32,3,10", "latest.h5,UINT8,1,10",
    "keyed.h5,UINT8,1,10", "keyed_latest.h5,UINT8,1,40"
  })
  void imagesOfEveryLayoutAreRead(String name, PixelType pixels, int channels, int count)
      throws Exception {
    Path file = TestBundles.fixture(name);
    BundleInfo info = TestBundles.info(file);
    assertThat(info.shape()).isEqualTo(new ImageShape(channels, 6, 5));
    assertThat(info.count()).isEqualTo(count);
    assertThat(info.pixels()).isEqualTo(pixels);
    checkPixels(TestBundles.read(file));
    Path rewritten = TestBundles.rewrite(file, folder.resolve("new.h5"), BundleFormat.HDF5);
    assertThat(TestBundles.info(rewritten)).isEqualTo(info);
    checkPixels(TestBundles.read(rewritten));
  }

  private static void checkPixels(ImageBatch images) {
    ImageShape shape = images.shape();
    int at = 0;
    for (int i = 0; i < images.count(); i++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int y = 0; y < shape.height(); y++) {
          for (int x = 0; x < shape.width(); x++) {
            float level = (37 * i + 11 * y + 5 * x + 3 * c) % 256;
            assertThat(images.pixels()[at++]).isCloseTo(level / 127.5f - 1f, within(1e-6f));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip.h5", "split_chunks.h5", "latest.h5"})
  void labelsAreCopiedBitForBit(String name) throws Exception {
    Path file = TestBundles.fixture(name);
    Path rewritten = TestBundles.rewrite(file, folder.resolve("new.h5"), BundleFormat.HDF5);
    try (HdfBundle before = HdfBundle.open(file, BundleLimits.DEFAULT);
        HdfBundle after = HdfBundle.open(rewritten, BundleLimits.DEFAULT)) {
      assertThat(after.columns()).hasSameSizeAs(before.columns());
      for (int i = 0; i < before.columns().size(); i++) {
        Column expected = before.columns().get(i);
        Column found = after.columns().get(i);
        assertThat(found.name()).isEqualTo(expected.name());
        assertThat(found.type().sameAs(expected.type())).as(found.name()).isTrue();
        assertThat(found.rowDims()).as(found.name()).isEqualTo(expected.rowDims());
        assertThat(values(found, 10).toArray(byte[][]::new))
            .as(found.name())
            .isDeepEqualTo(values(expected, 10).toArray(byte[][]::new));
      }
    }
  }

  @Test
  void labelsOfEveryTypeAreFound() throws Exception {
    assertThat(TestBundles.info(TestBundles.fixture("gzip.h5")).labels())
        .hasSize(27)
        .contains("bool", "compound", "landmarks", "gaze/left/look_vec", "path", "ragged", "words")
        .doesNotContain("few", "scalar", "empty", "images");
  }

  @Test
  void elementsNeverWrittenHaveTheFillValue() throws Exception {
    try (HdfBundle bundle =
        HdfBundle.open(TestBundles.fixture("latest.h5"), BundleLimits.DEFAULT)) {
      for (Column column : bundle.columns()) {
        if (column.name().startsWith("unwritten")) {
          ByteBuffer values =
              ByteBuffer.wrap(values(column, 10).get(0)).order(ByteOrder.LITTLE_ENDIAN);
          assertThat(values.getInt()).isEqualTo(column.name().endsWith("whole") ? -1 : 42);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"keyed.h5,10", "keyed_latest.h5,40"})
  void oneDatasetPerImageIsReadAndKeptInKeyOrder(String name, int count) throws Exception {
    Path rewritten =
        TestBundles.rewrite(TestBundles.fixture(name), folder.resolve("new.h5"), BundleFormat.HDF5);
    try (HdfBundle bundle = HdfBundle.open(rewritten, BundleLimits.DEFAULT)) {
      List<Column> columns = bundle.columns();
      assertThat(columns).extracting(Column::name).containsExactly("file", "look_vec", "path");
      assertThat(columns.get(1).rowDims()).containsExactly(3);
      ByteBuffer looks = ByteBuffer.allocate(count * 12).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        looks.putFloat(i).putFloat((float) (i / 7.0)).putFloat(-0f);
      }
      assertThat(values(columns.get(1), count)).containsExactly(looks.array());
      assertThat(values(columns.get(2), count))
          .extracting(value -> new String(value, StandardCharsets.UTF_8))
          .containsExactlyElementsOf(
              IntStream.range(0, count).mapToObj(i -> "synthetic/" + i + ".png").toList());
      assertThat(columns.get(0).type().size()).isEqualTo("823543.png".length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip.h5", "split_chunks.h5", "lzf_colour.h5", "float_big_endian.h5",
        "float_shuffled.h5", "latest.h5", "keyed.h5", "keyed_latest.h5"
      })
  void h5pyReadsTheSameFromTheRewrittenBundle(String name) throws Exception {
    assumeTrue(H5py.isThere(), "python3 with h5py is not installed");
    Path file = TestBundles.fixture(name);
    Path rewritten = TestBundles.rewrite(file, folder.resolve("new.h5"), BundleFormat.HDF5);
    assertThat(H5py.compare(file, rewritten)).isEmpty();
  }

  /** Returns all values: one array for elements of fixed size, otherwise one array each. */
  private static List<byte[]> values(Column column, int count) throws BundleException {
    if (column.type().isVariable()) {
      return List.of(column.readVariable(0, count));
    }
    byte[] bytes = new byte[count * column.rowElements() * column.type().size()];
    column.read(0, count, bytes);
    return List.of(bytes);
  }
}
