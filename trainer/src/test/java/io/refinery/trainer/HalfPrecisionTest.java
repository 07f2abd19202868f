package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.network.InitialWeights;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HalfPrecisionTest {

  private static final RefinerNetwork NETWORK = new RefinerNetwork(1, 3, 4, 1);

  @TempDir Path folder;

  @Test
  void freshWeightsPassInHalfPrecision() throws Exception {
    HalfPrecision result = evaluate(weights());
    assertThat(result.good()).isTrue();
    assertThat(result.sentence()).startsWith("Published: 100.000 % of the pixels of 4 images");
    assertThat(result.metrics()).containsEntry(HalfPrecision.SHARE, 1.0);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void featuresThatOverflowHalfPrecisionAreFound() throws Exception {
    Weights weights = weights();
    float[] bias = weights.tensor("conv_in.bias").values();
    Arrays.fill(bias, 1e6f);
    float[] out = weights.tensor("conv_out.weight").values();
    for (int i = 0; i < out.length; i++) {
      out[i] = (i % 2 == 0 ? 1 : -1) * 1e-7f;
    }
    HalfPrecision result = evaluate(weights);
    assertThat(result.good()).isFalse();
    assertThat(result.sentence()).startsWith("Not published: ").endsWith("; 99.9 % are required");
    assertThat(result.metrics().get(HalfPrecision.SHARE)).isLessThan(0.999);
  }

  @Test
  void atMostAThousandthOfThePixelsMayBeFurtherOff() {
    ImageBatch full = new ImageBatch(10, Squares.SHAPE, new float[10 * Squares.SHAPE.values()]);
    int allowed = full.pixels().length / 1000;
    assertThat(HalfPrecision.compare(full, moved(full, allowed, 0.02f)).good()).isTrue();
    assertThat(HalfPrecision.compare(full, moved(full, allowed + 1, 0.02f)).good()).isFalse();
    assertThat(HalfPrecision.compare(full, moved(full, 500, 0.01f)).good()).isTrue();
    assertThat(HalfPrecision.compare(full, moved(full, allowed + 1, Float.NaN)).good()).isFalse();
  }

  private HalfPrecision evaluate(Weights weights) throws Exception {
    return HalfPrecision.evaluate(
        NETWORK, weights, Squares.images(Squares.Look.DARK, 4, 1), folder, EngineOptions.DEFAULTS);
  }

  private static ImageBatch moved(ImageBatch images, int pixels, float by) {
    float[] moved = images.pixels().clone();
    for (int i = 0; i < pixels; i++) {
      moved[i] += by;
    }
    return new ImageBatch(images.count(), images.shape(), moved);
  }

  private static Weights weights() {
    return InitialWeights.draw(NETWORK.parameters(), new Random(5));
  }
}
