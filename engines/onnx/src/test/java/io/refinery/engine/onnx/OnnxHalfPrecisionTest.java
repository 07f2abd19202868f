package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.testkit.engine.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxHalfPrecisionTest {

  private static final RefinerNetwork SMALLEST = new RefinerNetwork(1, 3, 1, 0);
  private static final ImageShape EYE = new ImageShape(1, 35, 55);

  @TempDir Path folder;

  private interface Writer {
    void write(RefinerNetwork network, Weights weights, Path file) throws Exception;
  }

  @Test
  void aHalfPrecisionFileRefinesAlmostLikeTheFullOne() throws Exception {
    RefinerNetwork network = new RefinerNetwork(3, 3, 8, 3);
    Weights weights = Models.weights(network, 1);
    ImageBatch images = Models.images(5, new ImageShape(3, 9, 13), 2);
    float[] full = refined(OnnxRefiner::write, network, weights, images);
    float[] half = refined(OnnxRefiner::writeHalf, network, weights, images);
    assertThat(half).isNotEqualTo(full);
    for (int i = 0; i < full.length; i++) {
      assertThat(half[i]).isCloseTo(full[i], within(0.004f));
    }
  }

  /**
   * Half precision cannot represent 2049: it lies between 2048 and 2050 and rounds to even, 2048.
   */
  @Test
  void writeRoundedRoundsFeaturesLikeHalves() throws Exception {
    Weights weights = centre(2048, 1, 1f / 4096);
    assertThat(refined(OnnxRefiner::write, SMALLEST, weights, white())[0])
        .isCloseTo((float) Math.tanh(2049 / 4096.0), within(1e-6f));
    assertThat(refined(OnnxRefiner::writeRounded, SMALLEST, weights, white())[0])
        .isCloseTo((float) Math.tanh(0.5), within(1e-6f));
  }

  @Test
  void writeRoundedMakesFeaturesTooLargeForAHalfInfinite() throws Exception {
    Weights weights = centre(60_000, 60_000, 1e-5f);
    assertThat(refined(OnnxRefiner::write, SMALLEST, weights, white())[0])
        .isCloseTo((float) Math.tanh(1.2), within(1e-5f));
    assertThat(refined(OnnxRefiner::writeRounded, SMALLEST, weights, white())[0]).isEqualTo(1);
  }

  private float[] refined(Writer writer, RefinerNetwork network, Weights weights, ImageBatch images)
      throws Exception {
    Path file = folder.resolve("refiner.onnx");
    writer.write(network, weights, file);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (Refiner refiner =
        SessionRefiner.of(
            environment,
            environment.createSession(Files.readAllBytes(file)),
            new SessionRefiner.Description(
                "half", network.channels(), new MicroBatchSize(32), false))) {
      return refiner.refine(images).pixels();
    }
  }

  private static ImageBatch white() {
    float[] pixels = new float[EYE.values()];
    Arrays.fill(pixels, 1);
    return new ImageBatch(1, EYE, pixels);
  }

  /** R(x) = tanh(out * relu(in * x + bias)). */
  private static Weights centre(float in, float bias, float out) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SMALLEST.parameters().forEach((name, shape) -> tensors.put(name, zeros(shape)));
    tensors.get("conv_in.weight").values()[4] = in;
    tensors.get("conv_in.bias").values()[0] = bias;
    tensors.get("conv_out.weight").values()[0] = out;
    return new Weights(tensors);
  }

  private static Tensor zeros(List<Integer> shape) {
    return new Tensor(shape, new float[shape.stream().reduce(1, Math::multiplyExact)]);
  }
}
