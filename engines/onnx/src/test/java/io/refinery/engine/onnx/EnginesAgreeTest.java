package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.dl4j.Dl4jRefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.RefinerNetwork;
import io.refinery.registry.LocalModel;
import io.refinery.testkit.engine.Models;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnginesAgreeTest {

  private static final float TOLERANCE = 1e-4f;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 3, 35, 55", "1, 2, 48, 64", "1, 1, 7, 5", "3, 2, 35, 55", "3, 1, 20, 31"})
  void sameWeightsAndImagesGiveTheSameRefinedImages(int channels, int count, int height, int width)
      throws IOException {
    RefinerNetwork network = new RefinerNetwork(channels, 3, 64, 4);
    LocalModel model = Models.model(network, Models.weights(network, 21), folder);
    ImageBatch images = Models.images(count, new ImageShape(channels, height, width), 22);

    try (Refiner onnx = new OnnxRefiningEngine().refiner(model, Device.cpu(), Precision.FULL);
        Refiner dl4j = new Dl4jRefiningEngine().refiner(model, Device.cpu(), Precision.FULL)) {
      float[] expected = dl4j.refine(images).pixels();
      float[] actual = onnx.refine(images).pixels();
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(TOLERANCE));
      }
      // Images that all come out alike would agree by accident.
      assertThat(spread(expected)).isGreaterThan(0.1f);
    }
  }

  private static float spread(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  }
}
