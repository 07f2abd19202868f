package io.refinery.trainer.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.NumericLabel;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainedLabelTest {

  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

  @TempDir Path folder;

  @Test
  void labelsAreReadAcrossBundlesAndMissingOnesAreNaN() throws Exception {
    BundleFile first = bundle("first", List.of(Label.floats("x", 1, new float[] {1, 2})));
    BundleFile without = bundle("second", List.of());
    BundleFile third = bundle("third", List.of(Label.floats("x", 1, new float[] {5, 6})));
    try (BundleReader reader =
        new ChainedReader(List.of(first, without, third), BundleOptions.DEFAULT)) {
      NumericLabel x = reader.numbers("x").orElseThrow();
      assertThat(reader.numbers("y")).isEmpty();
      assertThat(reader.read(9)).isPresent();
      assertThat(x.read(0, 2)).containsExactly(1, 2);
      assertThat(reader.read(9)).isPresent();
      assertThat(x.read(2, 2)).containsExactly(Double.NaN, Double.NaN);
      assertThat(reader.read(9)).isPresent();
      assertThat(x.read(5, 1)).containsExactly(6);
    }
  }

  private BundleFile bundle(String name, List<Label> labels) throws IOException {
    Path file = folder.resolve(name + ".h5");
    try (BundleWriter writer =
        Bundles.create(
            file, BundleFormat.HDF5, SHAPE, 2, PixelType.UINT8, labels, new Provenance(Map.of()))) {
      writer.write(new ImageBatch(2, SHAPE, new float[8]));
      writer.finish();
    }
    return new BundleFile() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public FetchedBundle fetch() {
        return new FetchedBundle(file, Optional.empty());
      }

      @Override
      public String identity() {
        return name;
      }
    };
  }
}
