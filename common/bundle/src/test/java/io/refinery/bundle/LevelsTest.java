package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests reading and writing images as levels. */
class LevelsTest {

  private static final int COUNT = 70;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"HDF5,1", "HDF5,3", "ZIP,1", "ZIP,3"})
  void levelsAreReadBackAsWrittenAndGiveTheSameFileAsTheirImages(BundleFormat format, int channels)
      throws Exception {
    LevelBatch levels = levels(channels);
    Path written = write(format, PixelType.UINT8, levels, "levels");
    Path images = folder.resolve("images");
    TestBundles.write(images, format, levels.toImages(), PixelType.UINT8, List.of());

    assertThat(written).hasSameBinaryContentAs(images);
    assertThat(read(written).levels()).isEqualTo(levels.levels());
    assertThat(LevelBatch.of(TestBundles.read(written)).levels()).isEqualTo(levels.levels());
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void float32PixelsAreRoundedToTheNearestLevel(int channels) throws Exception {
    LevelBatch levels = levels(channels);
    Path written = write(BundleFormat.HDF5, PixelType.FLOAT32, levels, "floats");

    assertThat(TestBundles.info(written).pixels()).isEqualTo(PixelType.FLOAT32);
    assertThat(read(written).levels()).isEqualTo(levels.levels());
  }

  private Path write(BundleFormat format, PixelType pixels, LevelBatch levels, String name)
      throws IOException {
    Path file = folder.resolve(name);
    try (BundleWriter writer =
        Bundles.create(
            file, format, levels.shape(), COUNT, pixels, List.of(), TestBundles.PROVENANCE)) {
      writer.write(levels.slice(0, 33));
      writer.write(levels.slice(33, COUNT));
      writer.finish();
    }
    return file;
  }

  private static LevelBatch read(Path file) throws BundleException {
    try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
      List<LevelBatch> batches = new ArrayList<>();
      for (var batch = reader.readLevels(32); batch.isPresent(); batch = reader.readLevels(32)) {
        batches.add(batch.get());
      }
      return LevelBatch.concat(batches);
    }
  }

  private static LevelBatch levels(int channels) {
    ImageShape shape = new ImageShape(channels, 35, 55);
    byte[] levels = new byte[COUNT * shape.values()];
    new Random(channels).nextBytes(levels);
    return new LevelBatch(COUNT, shape, levels);
  }
}
