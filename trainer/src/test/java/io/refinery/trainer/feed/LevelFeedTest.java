package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.image.HistogramEqualisation;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that images kept as bytes give the same floats. */
class LevelFeedTest {

  private static final int COUNT = 90;
  private static final int EPOCHS = 3;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "1, UINT8, false, false", "1, UINT8, true, true", "3, UINT8, false, true",
    "3, UINT8, true, false", "1, FLOAT32, false, true", "1, FLOAT32, true, false",
    "3, FLOAT32, true, true", "3, FLOAT32, false, false"
  })
  void theFloatsEqualThoseOfImagesReadAsFloatsBitForBit(
      int channels, PixelType second, boolean equalise, boolean flip) throws Exception {
    List<BundleFile> bundles =
        List.of(
            bundle("first.h5", BundleFormat.HDF5, channels, PixelType.UINT8),
            bundle("second.h5", BundleFormat.HDF5, channels, second),
            bundle("third.zip", BundleFormat.ZIP, channels, PixelType.UINT8));
    for (int window : new int[] {50, 1000}) {
      TrainingPlan.Feed plan = new TrainingPlan.Feed(window, 5, flip, equalise);
      TrainingPlan.Feed equalisedBefore = new TrainingPlan.Feed(window, 5, flip, false);
      try (PrefetchedFeed levels =
              feed(() -> new ChainedReader(bundles, BundleOptions.DEFAULT), plan);
          PrefetchedFeed floats =
              feed(
                  () ->
                      new FloatsReader(new ChainedReader(bundles, BundleOptions.DEFAULT), equalise),
                  equalisedBefore)) {
        assertSame(levels.heldOut().images(), floats.heldOut().images());
        assertThat(levels.heldOut().positions()).isEqualTo(floats.heldOut().positions());
        for (int taken = 0; taken < EPOCHS * COUNT * bundles.size(); taken += 37) {
          assertSame(levels.next(37), floats.next(37));
          assertThat(levels.position()).isEqualTo(floats.position());
        }
      }
    }
  }

  @Test
  void eightBitImagesAreNotReadAsFloats() throws Exception {
    BundleFile bundle = bundle("gray.h5", BundleFormat.HDF5, 1, PixelType.UINT8);
    for (boolean equalise : new boolean[] {false, true}) {
      ImageFeed.Opener opener =
          () -> new LevelsOnlyReader(new ChainedReader(List.of(bundle), BundleOptions.DEFAULT));
      try (ImageFeed feed =
          new ImageFeed(opener, new TrainingPlan.Feed(50, 5, true, equalise), 1)) {
        assertThat(feed.next(2 * COUNT).count()).isEqualTo(2 * COUNT);
      }
    }
  }

  private static PrefetchedFeed feed(ImageFeed.Opener opener, TrainingPlan.Feed plan)
      throws BundleException {
    return new PrefetchedFeed("decode", new ImageFeed(opener, plan, 3), 8);
  }

  private static void assertSame(ImageBatch actual, ImageBatch expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.pixels()).isEqualTo(expected.pixels());
  }

  private BundleFile bundle(String name, BundleFormat format, int channels, PixelType pixels)
      throws IOException {
    ImageShape shape = new ImageShape(channels, 5, 7);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    float[] values = new float[COUNT * shape.values()];
    for (int i = 0; i < values.length; i++) {
      // The first image has one level and the others few, so they are equalised differently.
      int image = i / shape.values();
      values[i] = image == 0 ? 0.3f : (float) random.nextDouble(-1, image % 2 == 0 ? 1 : -0.5);
    }
    Path file = folder.resolve(name);
    try (BundleWriter writer =
        Bundles.create(file, format, shape, COUNT, pixels, List.of(), new Provenance(Map.of()))) {
      writer.write(new ImageBatch(COUNT, shape, values));
      writer.finish();
    }
    return new FileOnDisk(file);
  }

  private record FileOnDisk(Path file) implements BundleFile {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public FetchedBundle fetch() {
      return new FetchedBundle(file, Optional.empty());
    }

    @Override
    public String identity() {
      return file.toString();
    }
  }

  /** Reads every image as floats and equalises the floats. */
  private record FloatsReader(BundleReader reader, boolean equalise) implements BundleReader {
    @Override
    public BundleInfo info() {
      return reader.info();
    }

    @Override
    public Optional<ImageBatch> read(int max) throws BundleException {
      Optional<ImageBatch> images = reader.read(max);
      return equalise ? images.map(HistogramEqualisation::of) : images;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
