package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.PairSpec;
import io.refinery.engine.TrainingEngine;
import io.refinery.testkit.engine.Tiny;
import java.util.ServiceLoader;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class TorchTrainingEngineTest {

  private static final PairSpec SPEC = Tiny.spec(Tiny.GRAY, Tiny.MEANS, Tiny.ADAM);

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(TrainingEngine.class))
        .singleElement()
        .isInstanceOf(TorchTrainingEngine.class);
  }

  @Test
  void theCpuIsAvailableWithTheVersionOfLibtorch() {
    Availability cpu = new TorchTrainingEngine().availability(Device.cpu());
    assertThat(cpu).isInstanceOf(Availability.Available.class);
    assertThat(cpu.toString()).contains("libtorch 2.");
  }

  @Test
  void anUnusableDeviceIsRejectedWithTheReason() {
    assumeFalse(TorchRuntime.forCuda(), "a build for CUDA may have this GPU");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> new TorchTrainingEngine().pair(SPEC, Device.parse("cuda:0")))
        .withMessageContaining("cuda:0")
        .withMessageContaining("torch-cuda");
  }

  @Test
  void neitherUpdatesNorAClosedPairLeakNativeObjects() {
    long before = Pointer.totalCount();
    try (AdversarialPair pair = new TorchTrainingEngine().pair(SPEC, Device.cpu())) {
      use(pair);
      long used = Pointer.totalCount();
      use(pair);
      assertThat(Pointer.totalCount()).isEqualTo(used);
    }
    assertThat(Pointer.totalCount()).isEqualTo(before);
  }

  @Test
  void aPlaceOutsideTheMemoryIsRejectedBeforeItReachesTheDevice() {
    var images = Tiny.images(1, Tiny.GRAY, 1);
    try (AdversarialPair pair = new TorchTrainingEngine().pair(SPEC, Device.cpu())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pair.memory().write(images, new int[] {SPEC.memory()}))
          .withMessageContaining("places 0 to 3");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pair.memory().write(images, new int[] {0, 1}))
          .withMessageContaining("2 places");
    }
  }

  private static void use(AdversarialPair pair) {
    var images = Tiny.images(Tiny.BATCH, Tiny.GRAY, 1);
    pair.pretrainRefiner(images);
    pair.updateRefiner(images);
    pair.updateDiscriminator(images, images, new int[0], new int[] {1, 0});
    pair.updateDiscriminator(images, images.slice(0, 1), new int[] {0}, new int[] {1});
    pair.memory().write(pair.memory().read(new int[] {0}), new int[] {1});
    pair.discriminate(pair.refine(images));
    pair.setRefinerWeights(pair.refinerWeights());
  }
}
