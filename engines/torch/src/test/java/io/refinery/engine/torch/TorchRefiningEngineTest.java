package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refinery.engine.Availability.Available;
import io.refinery.engine.Availability.Unavailable;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
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
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchRefiningEngineTest implements RefinerContract {

  /** Winograd's transforms round more than sums of products do. */
  private static final float TOLERANCE = 2e-5f;

  @TempDir Path folder;

  private RefiningEngine engine = new TorchRefiningEngine();

  @Override
  public RefiningEngine engine() {
    return engine;
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(RefiningEngine.class))
        .anySatisfy(found -> assertThat(found).isInstanceOf(TorchRefiningEngine.class));
    assertThat(engine.name()).isEqualTo("torch");
  }

  @ParameterizedTest
  @CsvSource({
    "fast, 1, 3, 4, 0",
    "fast, 1, 3, 4, 2",
    "fast, 3, 3, 4, 1",
    "fast, 3, 7, 3, 2",
    "fast, 1, 1, 2, 1",
    "fast, 1, 5, 16, 2",
    "fast, 1, 17, 2, 1",
    "plain, 1, 3, 4, 0",
    "plain, 1, 3, 4, 2",
    "plain, 3, 3, 4, 1",
    "plain, 3, 7, 3, 2",
    "plain, 1, 1, 2, 1"
  })
  void matchesTheNaiveRefiner(
      String convolution, int channels, int filterSize, int filters, int blocks)
      throws IOException {
    set("convolution=" + convolution);
    RefinerNetwork network = new RefinerNetwork(channels, filterSize, filters, blocks);
    Weights weights = Models.weights(network, 1);
    ImageBatch images = Models.images(3, new ImageShape(channels, 9, 13), 2);

    try (Refiner refiner = refiner(network, weights)) {
      assertSame(refiner.refine(images), new NaiveRefiner(network, weights).refine(images));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "plain"})
  void matchesTheNaiveRefinerForTheEyesNetwork(String convolution) throws IOException {
    set("convolution=" + convolution);
    RefinerNetwork network = RefinerNetwork.eyes();
    Weights weights = Models.weights(network, 21);
    ImageBatch images = Models.images(1, Models.EYE, 22);

    try (Refiner refiner = refiner(network, weights)) {
      assertSame(refiner.refine(images), new NaiveRefiner(network, weights).refine(images));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "plain"})
  void oneRefinerAcceptsAnyCountHeightAndWidth(String convolution) throws IOException {
    set("convolution=" + convolution);
    Weights weights = Models.weights(Models.TINY, 3);
    NaiveRefiner naive = new NaiveRefiner(Models.TINY, weights);
    int[][] sizes = {{1, 35, 55}, {5, 1, 1}, {2, 64, 3}, {40, 35, 55}, {1, 120, 160}, {33, 35, 55}};
    try (Refiner refiner = refiner(Models.TINY, weights)) {
      for (int[] size : sizes) {
        ImageBatch images = Models.images(size[0], new ImageShape(1, size[1], size[2]), 4);
        assertSame(refiner.refine(images), naive.refine(images));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 3, 5", "2, 1, 1", "2, 4, 3", "4, 1, 2", "8, 2, 1", "8, 100, 11"})
  void threadsAndMicroBatchesDoNotChangeTheResult(int threads, int part, int count)
      throws IOException {
    set("threads=" + threads, "micro-batch=" + part);
    Weights weights = Models.weights(Models.TINY, 5);
    for (ImageShape shape : new ImageShape[] {Models.EYE, new ImageShape(1, 50, 20)}) {
      ImageBatch images = Models.images(count, shape, 6);
      try (Refiner refiner = refiner(Models.TINY, weights)) {
        assertSame(refiner.refine(images), new NaiveRefiner(Models.TINY, weights).refine(images));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "plain"})
  void anImageCutIntoManyBandsIsRefinedAsAWhole(String convolution) throws IOException {
    set("convolution=" + convolution, "threads=5");
    RefinerNetwork network = new RefinerNetwork(1, 3, 4, 2);
    Weights weights = Models.weights(network, 5);
    for (ImageShape shape :
        new ImageShape[] {new ImageShape(1, 9, 120), new ImageShape(1, 61, 8)}) {
      ImageBatch images = Models.images(1, shape, 6);
      try (Refiner refiner = refiner(network, weights)) {
        assertSame(refiner.refine(images), new NaiveRefiner(network, weights).refine(images));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fast, conv_in.bias",
    "fast, blocks.0.conv1.weight",
    "fast, conv_out.bias",
    "plain, conv_in.bias",
    "plain, conv_out.bias"
  })
  void aNanPixelIsRejectedAndDoesNotBecomeALevel(String convolution, String parameter)
      throws IOException {
    set("convolution=" + convolution);
    Weights weights = Models.weights(Models.TINY, 5);
    Arrays.fill(weights.tensor(parameter).values(), Float.NaN);
    LevelBatch levels =
        LevelBatch.of(Models.images(2, new ImageShape(Models.TINY.channels(), 8, 9), 7));
    try (Refiner refiner = refiner(Models.TINY, weights)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> refiner.refine(levels))
          .withMessageContaining("9x8")
          .withMessageContaining("NaN");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void refiningLevelsEqualsRefiningTheirPixels(int count) throws IOException {
    for (RefinerNetwork network :
        new RefinerNetwork[] {Models.TINY, new RefinerNetwork(3, 3, 4, 1)}) {
      LevelBatch levels =
          LevelBatch.of(Models.images(count, new ImageShape(network.channels(), 35, 55), 7));
      try (Refiner refiner = refiner(network, Models.weights(network, 8))) {
        LevelBatch expected = LevelBatch.of(refiner.refine(levels.toImages()));
        LevelBatch actual = refiner.refine(levels);
        assertThat(actual.levels()).isEqualTo(expected.levels());
        assertThat(actual.count()).isEqualTo(count);
        assertThat(actual.shape()).isEqualTo(levels.shape());
      }
    }
  }

  @Test
  void bfloat16StaysCloseToFullPrecision() throws IOException {
    assumeTrue(
        engine.precisions(Device.cpu()).contains(Precision.BFLOAT16),
        "this CPU has no bfloat16 instructions");
    RefinerNetwork network = new RefinerNetwork(1, 3, 16, 2);
    RefinerFiles model = Models.model(network, Models.weights(network, 23), folder);
    ImageBatch images = Models.images(3, Models.EYE, 24);
    try (Refiner full = engine.refiner(model, Device.cpu(), Precision.FULL);
        Refiner half = engine.refiner(model, Device.cpu(), Precision.BFLOAT16)) {
      float[] expected = full.refine(images).pixels();
      float[] actual = half.refine(images).pixels();
      assertThat(actual).isNotEqualTo(expected).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.1f));
      }
    }
  }

  @Test
  void fastConvolutionsAreRejectedInBfloat16() throws IOException {
    assumeTrue(
        engine.precisions(Device.cpu()).contains(Precision.BFLOAT16),
        "this CPU has no bfloat16 instructions");
    set("convolution=fast");
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 26), folder);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.refiner(model, Device.cpu(), Precision.BFLOAT16))
        .withMessageContaining("refinery.engines.torch.convolution")
        .withMessageContaining("bfloat16");
  }

  @Test
  void unsupportedPrecisionsAreRejected() throws IOException {
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 25), folder);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.refiner(model, Device.cpu(), Precision.TF32))
        .withMessageContaining("tf32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "plain"})
  void neitherRefiningNorClosingLeaksNativeObjects(String convolution) throws IOException {
    set("convolution=" + convolution, "threads=1");
    Weights weights = Models.weights(Models.TINY, 27);
    ImageBatch images = Models.images(3, Models.EYE, 28);
    refiner(Models.TINY, weights).close();
    long before = Pointer.totalCount();
    try (Refiner refiner = refiner(Models.TINY, weights)) {
      refiner.refine(images);
      long open = Pointer.totalCount();
      refiner.refine(images);
      assertThat(Pointer.totalCount()).isEqualTo(open);
    }
    assertThat(Pointer.totalCount()).isEqualTo(before);
  }

  @Test
  void preferredBatchesKeepEveryThreadBusy() throws IOException {
    set("threads=8", "micro-batch=4");
    try (Refiner refiner = refiner(Models.TINY, Models.weights(Models.TINY, 16))) {
      assertThat(refiner.batch(Models.EYE)).isGreaterThanOrEqualTo(8 * 4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 100, -1})
  void aBrokenFileIsNamedInTheError(int kept) throws IOException {
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 16), folder);
    Path file = model.path(RefinerFile.WEIGHTS);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, kept < 0 ? bytes.length + kept : kept));
    assertRefused(model, "refiner.safetensors of eyes@7 does not make a refiner");
  }

  @Test
  void weightsOfAnotherNetworkAreRejected() throws IOException {
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 16), folder);
    Models.model(
        new RefinerNetwork(1, 3, 5, 2), Models.weights(new RefinerNetwork(1, 3, 5, 2), 1), folder);
    assertRefused(model, "conv_in.weight");
  }

  @Test
  void aVersionWithoutWeightsIsRejected() {
    RefinerFiles model = Models.model(Models.TINY, folder, Set.of(RefinerFile.ONNX));
    assertRefused(model, "eyes@7 has no file refiner.safetensors");
  }

  @Test
  void theCpuIsAvailable() {
    assertThat(engine.availability(Device.cpu()))
        .isInstanceOfSatisfying(
            Available.class,
            available ->
                assertThat(available.description()).matches("libtorch \\d+\\.\\d+\\.\\d+"));
  }

  @Test
  void aCpuBuildSaysHowToBuildForAGpu() throws IOException {
    assumeFalse(TorchRuntime.forCuda(), "this build is for CUDA");
    assertThat(engine.availability(new Device.Cuda(1)))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable ->
                assertThat(unavailable.missing()).contains("torch-cuda").contains("cuda:1"));
    RefinerFiles model = Models.model(Models.TINY, Models.weights(Models.TINY, 18), folder);
    assertThatThrownBy(() -> engine.refiner(model, new Device.Cuda(0), Precision.HALF))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("torch-cuda");
  }

  private void assertRefused(RefinerFiles model, String message) {
    assertThatThrownBy(() -> engine.refiner(model, Device.cpu(), Precision.FULL))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(message);
  }

  private void set(String... options) {
    engine =
        new TorchRefiningEngine()
            .withOptions(
                EngineOptions.parse(
                    Stream.of(options).map(option -> "refinery.engines.torch." + option).toList()));
  }

  private Refiner refiner(RefinerNetwork network, Weights weights) throws IOException {
    return engine.refiner(Models.model(network, weights, folder), Device.cpu(), Precision.FULL);
  }

  private static void assertSame(ImageBatch actual, ImageBatch expected) {
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.pixels().length; i++) {
      assertThat(actual.pixels()[i]).isCloseTo(expected.pixels()[i], within(TOLERANCE));
    }
  }
}
