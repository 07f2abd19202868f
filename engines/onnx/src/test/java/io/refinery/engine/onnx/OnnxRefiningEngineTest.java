package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import io.refinery.testkit.engine.Models;
import io.refinery.testkit.engine.NaiveRefiner;
import io.refinery.testkit.engine.RefinerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRefiningEngineTest implements RefinerContract {

  @TempDir Path folder;

  private final RefiningEngine engine =
      new OnnxRefiningEngine(new OnnxCpuPlan(new OnnxThreads(2, false), new MicroBatchSize(32)));

  @Override
  public RefiningEngine engine() {
    return engine;
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(RefiningEngine.class))
        .anySatisfy(found -> assertThat(found).isInstanceOf(OnnxRefiningEngine.class));
    assertThat(engine.name()).isEqualTo("onnx");
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 4, 0", "1, 3, 4, 2", "3, 3, 4, 1", "3, 7, 3, 2", "1, 1, 2, 1"})
  void matchesTheNaiveRefiner(int channels, int filterSize, int filters, int blocks)
      throws IOException {
    RefinerNetwork network = new RefinerNetwork(channels, filterSize, filters, blocks);
    Weights weights = Models.weights(network, 1);
    ImageBatch images = Models.images(3, new ImageShape(channels, 9, 13), 2);

    try (Refiner refiner = refiner(network, weights)) {
      assertSame(refiner.refine(images), new NaiveRefiner(network, weights).refine(images), 1e-5f);
    }
  }

  @Test
  void oneSessionAcceptsAnyCountHeightAndWidth() throws IOException {
    Weights weights = Models.weights(Models.TINY, 3);
    NaiveRefiner naive = new NaiveRefiner(Models.TINY, weights);
    int[][] sizes = {{1, 35, 55}, {5, 1, 1}, {2, 64, 3}, {40, 35, 55}, {1, 240, 320}, {33, 35, 55}};
    try (Refiner refiner = refiner(Models.TINY, weights)) {
      for (int[] size : sizes) {
        ImageBatch images = Models.images(size[0], new ImageShape(1, size[1], size[2]), 4);
        assertSame(refiner.refine(images), naive.refine(images), 1e-5f);
      }
    }
  }

  @Test
  void anImagesResultDoesNotDependOnTheRestOfTheBatch() throws IOException {
    ImageBatch images = Models.images(70, Models.EYE, 5);
    try (Refiner refiner = refiner(Models.TINY, Models.weights(Models.TINY, 6))) {
      ImageBatch together = refiner.refine(images);
      for (int image : new int[] {0, 31, 32, 63, 64, 69}) {
        ImageBatch alone = refiner.refine(images.slice(image, image + 1));
        assertSame(together.slice(image, image + 1), alone, 1e-6f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 100, -1})
  void aBrokenFileIsNamedInTheError(int kept) throws IOException {
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 16), folder);
    Path file = model.path(RefinerFile.ONNX);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, kept < 0 ? bytes.length + kept : kept));
    assertRefused(model, file.toString());
  }

  @Test
  void aMissingFileIsNamedInTheError() {
    RefinerFiles model = Models.model(Models.TINY, folder, Set.of(RefinerFile.ONNX));
    assertRefused(model, folder.resolve(RefinerFile.ONNX.fileName()).toString());
  }

  @Test
  void aVersionWithoutAnOnnxFileIsRejected() {
    RefinerFiles model = Models.model(Models.TINY, folder, Set.of(RefinerFile.WEIGHTS));
    assertRefused(model, "eyes@7 has no file refiner.onnx");
  }

  @Test
  void aFileWithOtherChannelsThanTheManifestIsRejected() throws IOException {
    RefinerNetwork colour = new RefinerNetwork(3, 3, 4, 2);
    Path file = folder.resolve(RefinerFile.ONNX.fileName());
    OnnxRefiner.write(colour, Models.weights(colour, 17), file);
    assertRefused(
        Models.model(Models.TINY, folder, Set.of(RefinerFile.ONNX)),
        file + " is not a refiner of 1 channels");
  }

  @Test
  void theCpuIsAvailableAndAGpuSaysWhatIsMissing() throws IOException {
    assertThat(engine.availability(Device.cpu()))
        .isInstanceOfSatisfying(
            Available.class,
            available -> assertThat(available.description()).matches("ONNX Runtime 1\\..*"));
    assertThat(engine.availability(new Device.Cuda(93)))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> assertThat(unavailable.missing()).contains("cuda:93"));
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 18), folder);
    assertThatThrownBy(() -> engine.refiner(model, new Device.Cuda(93), Precision.FULL))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cuda:93");
  }

  @Test
  void aGpuOffersMorePrecisionsThanTheCpu() {
    assertThat(engine.precisions(Device.cpu())).containsExactly(Precision.FULL);
    assertThat(engine.precisions(new Device.Cuda(0)))
        .containsExactlyInAnyOrder(Precision.FULL, Precision.TF32, Precision.HALF);
  }

  @Test
  void refiningLevelsEqualsRefiningTheirPixels() throws IOException {
    LevelBatch levels = LevelBatch.of(Models.images(70, Models.EYE, 19));
    try (Refiner refiner = refiner(Models.TINY, Models.weights(Models.TINY, 20))) {
      LevelBatch expected = LevelBatch.of(refiner.refine(levels.toImages()));
      LevelBatch refined = refiner.refine(levels);
      assertThat(refined.count()).isEqualTo(70);
      assertThat(refined.shape()).isEqualTo(Models.EYE);
      assertThat(refined.levels()).isEqualTo(expected.levels());
    }
  }

  @Test
  void paddingDoesNotChangeTheResult() throws Exception {
    Weights weights = Models.weights(Models.TINY, 21);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    ImageBatch images = Models.images(13, Models.EYE, 22);
    try (Refiner refiner =
            SessionRefiner.of(
                environment,
                environment.createSession(OnnxRefiner.bytes(Models.TINY, weights)),
                new SessionRefiner.Description("padded", 1, new MicroBatchSize(8), true));
        Refiner plain = refiner(Models.TINY, weights)) {
      assertSame(refiner.refine(images), plain.refine(images), 1e-6f);
    }
  }

  @Test
  void thePreferredBatchIsAtLeastTheUsualOneHoweverSmallTheMicroBatches() throws IOException {
    try (Refiner refiner = refiner(Models.TINY, Models.weights(Models.TINY, 23))) {
      assertThat(refiner.batch(Models.EYE)).isEqualTo(32);
      assertThat(refiner.batch(new ImageShape(1, 4096, 4096))).isEqualTo(1);
    }
  }

  @Test
  void withoutAPlanTheEngineMeasuresOne() throws IOException {
    Weights weights = Models.weights(Models.TINY, 24);
    RefinerFiles model = Models.model(Models.TINY, weights, folder);
    ImageBatch images = Models.images(3, Models.EYE, 25);
    try (Refiner refiner = new OnnxRefiningEngine().refiner(model, Device.cpu(), Precision.FULL)) {
      assertSame(
          refiner.refine(images), new NaiveRefiner(Models.TINY, weights).refine(images), 1e-5f);
    }
  }

  private void assertRefused(RefinerFiles model, String message) {
    assertThatThrownBy(() -> engine.refiner(model, Device.cpu(), Precision.FULL))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(message);
  }

  private Refiner refiner(RefinerNetwork network, Weights weights) throws IOException {
    return engine.refiner(Models.model(network, weights, folder), Device.cpu(), Precision.FULL);
  }

  private static void assertSame(ImageBatch actual, ImageBatch expected, float tolerance) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.pixels().length; i++) {
      assertThat(actual.pixels()[i]).isCloseTo(expected.pixels()[i], within(tolerance));
    }
  }
}
