package io.refinery.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.PairSpec;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.InitialWeights;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.testkit.engine.NaiveNetworks;
import io.refinery.testkit.engine.RefinerContract;
import io.refinery.testkit.engine.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Dl4jEngineTest implements RefinerContract {

  private static final PairSpec SPEC = Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.SGD);
  private static final RefinerNetwork NETWORK = SPEC.refiner();

  /** Larger than an eye, so that even a micro-batch of one eye holds one of these. */
  private static final ImageShape LARGE = new ImageShape(1, 40, 50);

  @TempDir private Path folder;

  @Override
  public RefiningEngine engine() {
    return new Dl4jRefiningEngine();
  }

  @Test
  void theServiceLoaderFindsBothEngines() {
    assertThat(ServiceLoader.load(TrainingEngine.class))
        .singleElement()
        .isInstanceOf(Dl4jTrainingEngine.class);
    assertThat(ServiceLoader.load(RefiningEngine.class))
        .singleElement()
        .isInstanceOf(Dl4jRefiningEngine.class);
  }

  @Test
  void availabilityNamesTheRuntimeOrWhatIsMissing() {
    Availability cpu = new Dl4jTrainingEngine().availability(Device.cpu());
    assertThat(cpu).isInstanceOf(Availability.Available.class);
    assertThat(cpu.toString()).contains("Deeplearning4j 1.0.0");
    Availability cuda = new Dl4jRefiningEngine().availability(Device.parse("cuda:0"));
    assertThat(cuda).isInstanceOf(Availability.Unavailable.class);
    assertThat(cuda.toString()).contains("dl4j-cuda");
  }

  @Test
  void anUnusableDeviceIsRejectedWithTheReason() {
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> new Dl4jTrainingEngine().pair(SPEC, Device.parse("cuda:0")))
        .withMessageContaining("cuda:0")
        .withMessageContaining("dl4j-cuda");
  }

  @Test
  void aBadOptionIsNamedBeforeAnythingIsLoaded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dl4jRefiningEngine().withOptions(microBatch("none")))
        .withMessageContaining("refinery.engines.dl4j.micro-batch")
        .withMessageContaining("none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dl4jTrainingEngine().withOptions(microBatch("0")))
        .withMessageContaining("refinery.engines.dl4j.micro-batch");
  }

  private static EngineOptions microBatch(String value) {
    return new EngineOptions(Map.of("refinery.engines.dl4j.micro-batch", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "1", "32"})
  void aVersionRefinesImagesOfAnyNumberHeightAndWidth(String microBatch) throws IOException {
    Weights weights = Tiny.scattered(InitialWeights.draw(NETWORK.parameters(), new Random(5)), 6);
    NaiveNetworks naive = NaiveNetworks.of(SPEC, weights, new Weights(Map.of()));
    try (Refiner refiner =
        new Dl4jRefiningEngine()
            .withOptions(microBatch(microBatch))
            .refiner(model(weights), Device.cpu(), Precision.FULL)) {
      for (ImageShape shape :
          new ImageShape[] {Tiny.GRAY, new ImageShape(1, 5, 13), new ImageShape(1, 1, 1), LARGE}) {
        for (int count : new int[] {3, 1, 0}) {
          ImageBatch images = Tiny.images(count, shape, count);
          ImageBatch refined = refiner.refine(images);
          assertThat(refined.count()).isEqualTo(count);
          assertThat(refined.shape()).isEqualTo(shape);
          for (int i = 0; i < count; i++) {
            double[] expected = NaiveNetworks.flat(naive.refine(NaiveNetworks.image(images, i)));
            for (int k = 0; k < expected.length; k++) {
              assertThat((double) refined.pixels()[i * expected.length + k])
                  .isCloseTo(expected[k], within(1e-5));
            }
          }
        }
      }
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> refiner.refine(Tiny.images(1, Tiny.COLOUR, 1)))
          .withMessageContaining("1 channels");
    }
  }

  @Test
  void invalidFilesAreRejectedByName() throws IOException {
    Weights others =
        InitialWeights.draw(new RefinerNetwork(1, 3, 4, 2).parameters(), new Random(5));
    RefinerFiles wrong = model(others);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> new Dl4jRefiningEngine().refiner(wrong, Device.cpu(), Precision.FULL))
        .withMessageContaining("eyes@3")
        .withMessageContaining("conv_in.weight");
    Files.writeString(folder.resolve(RefinerFile.WEIGHTS.fileName()), "no weights");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> new Dl4jRefiningEngine().refiner(wrong, Device.cpu(), Precision.FULL))
        .withMessageContaining(RefinerFile.WEIGHTS.fileName());
  }

  private RefinerFiles model(Weights weights) throws IOException {
    Path file = folder.resolve(RefinerFile.WEIGHTS.fileName());
    Safetensors.write(weights, Map.of(), file);
    return new RefinerFiles("eyes@3", NETWORK, Tiny.GRAY, Map.of(RefinerFile.WEIGHTS, file));
  }
}
