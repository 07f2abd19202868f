package io.refinery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

final class EyeSimulatorTest {

  @Test
  void imageDependsOnSeedAndIndexNotOnCountOrThreads() throws Exception {
    SimulatorOptions many = new SimulatorOptions(100, Look.CAMERA, 8);
    SimulatorOptions few = new SimulatorOptions(40, Look.CAMERA, 8);
    ForkJoinPool single = new ForkJoinPool(1);
    try {
      ImageBatch all = EyeSimulator.render(many);
      ImageBatch alone = single.submit(() -> EyeSimulator.render(few)).get();
      ImageBatch part = EyeSimulator.render(many, 7, 40);

      assertThat(alone.pixels()).isEqualTo(all.slice(0, 40).pixels());
      assertThat(part.pixels()).isEqualTo(all.slice(7, 40).pixels());
    } finally {
      single.shutdown();
    }
  }

  @Test
  void imagesAreInOrderAndEqualToTheRenderers() {
    SimulatorOptions options = new SimulatorOptions(70, Look.SYNTHETIC, 8);
    ImageBatch batch = EyeSimulator.render(options);

    byte[] last =
        Pictures.render(new EyeSampler(8).eye(69), Look.SYNTHETIC, SimulatorOptions.EYE_CROP);
    float[] pixels = batch.slice(69, 70).pixels();

    assertThat(batch.count()).isEqualTo(70);
    for (int i = 0; i < last.length; i++) {
      assertThat(PixelScale.toByte(pixels[i])).isEqualTo(last[i]);
    }
  }

  @Test
  void looksShareTheirLabels() {
    assertThat(EyeSimulator.labels(new SimulatorOptions(50, Look.SYNTHETIC, 2)))
        .isEqualTo(EyeSimulator.labels(new SimulatorOptions(50, Look.CAMERA, 2)))
        .doesNotHaveDuplicates();
  }

  @Test
  void aCountOfZeroIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SimulatorOptions(0, Look.CAMERA, 2))
        .withMessage("At least 1 image must be rendered, not 0");
  }
}
