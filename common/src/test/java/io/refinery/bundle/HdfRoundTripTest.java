package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HdfRoundTripTest {

  private static final Provenance PROVENANCE = new Provenance(Map.of("refinery.model", "eyes@7"));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(PixelType.class)
  void imagesComeBackAsTheyWereWritten(PixelType pixels) throws Exception {
    for (int channels : new int[] {1, 3}) {
      ImageShape shape = new ImageShape(channels, 35, 55);
      ImageBatch images = noise(shape, 700);
      Path file = folder.resolve(pixels + "-" + channels + ".h5");
      try (BundleWriter writer =
          Bundles.create(file, BundleFormat.HDF5, shape, 700, pixels, List.of(), PROVENANCE)) {
        writer.write(images.slice(0, 1));
        writer.write(images.slice(1, 700));
        writer.finish();
      }
      try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
        assertThat(reader.info())
            .isEqualTo(new BundleInfo(BundleFormat.HDF5, shape, 700, pixels, List.of()));
        assertThat(Arrays.mismatch(readAll(reader).pixels(), images.pixels())).isEqualTo(-1);
      }
    }
  }

  /** Levels that both pixel types hold exactly. */
  private static ImageBatch noise(ImageShape shape, int count) {
    Random random = new Random(7);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextBoolean() ? 1f : -1f;
    }
    return new ImageBatch(count, shape, pixels);
  }

  private static ImageBatch readAll(BundleReader reader) throws BundleException {
    List<ImageBatch> batches = new ArrayList<>();
    for (var batch = reader.read(33); batch.isPresent(); batch = reader.read(33)) {
      batches.add(batch.get());
    }
    return ImageBatch.concat(batches);
  }

  @Test
  void labelsOfNewBundlesAreListed() throws Exception {
    ImageShape shape = new ImageShape(1, 4, 4);
    Path file = folder.resolve("labels.h5");
    List<String> names = IntStream.range(0, 3).mapToObj(i -> "eye/" + i).toList();
    List<Label> labels =
        List.of(Label.strings("path", names), Label.floats("gaze/look_vec", 3, new float[9]));
    try (BundleWriter writer =
        Bundles.create(file, BundleFormat.HDF5, shape, 3, PixelType.UINT8, labels, PROVENANCE)) {
      writer.write(noise(shape, 3));
      writer.finish();
    }
    try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
      assertThat(reader.info().labels()).containsExactly("gaze/look_vec", "path");
    }
  }
}
