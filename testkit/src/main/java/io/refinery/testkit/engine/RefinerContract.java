package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every engine's refiners, apart from the values they compute. */
public interface RefinerContract {

  /** Returns the engine, which is tested on the CPU. */
  RefiningEngine engine();

  @Test
  default void anEmptyBatchGivesAnEmptyBatch(@TempDir Path folder) throws IOException {
    try (Refiner refiner = refiner(folder, 7)) {
      ImageBatch refined = refiner.refine(Models.images(0, Models.EYE, 1));
      assertThat(refined.count()).isZero();
      assertThat(refined.shape()).isEqualTo(Models.EYE);
    }
  }

  @Test
  default void theInputIsUnchangedAndEveryOutputHasItsOwnArray(@TempDir Path folder)
      throws IOException {
    ImageBatch images = Models.images(2, Models.EYE, 8);
    float[] before = images.pixels().clone();
    try (Refiner refiner = refiner(folder, 9)) {
      ImageBatch first = refiner.refine(images);
      float[] result = first.pixels().clone();
      refiner.refine(Models.images(2, Models.EYE, 10));
      assertThat(images.pixels()).isEqualTo(before);
      assertThat(first.pixels()).isEqualTo(result);
    }
  }

  @Test
  default void refinersOfTwoVersionsCanBeOpenTogether(@TempDir Path folder) throws IOException {
    ImageBatch images = Models.images(1, Models.EYE, 11);
    Refiner before = refiner(Files.createDirectory(folder.resolve("first")), 12);
    try (Refiner after = refiner(Files.createDirectory(folder.resolve("second")), 13)) {
      assertRefined(before, images, 12);
      before.close();
      assertRefined(after, images, 13);
    }
  }

  @Test
  default void closingTwiceIsHarmless(@TempDir Path folder) throws IOException {
    Refiner refiner = refiner(folder, 14);
    refiner.close();
    refiner.close();
    assertThatThrownBy(() -> refiner.refine(Models.images(1, Models.EYE, 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void imagesWithADifferentNumberOfChannelsAreRefused(@TempDir Path folder)
      throws IOException {
    try (Refiner refiner = refiner(folder, 15)) {
      ImageBatch colour = Models.images(1, new ImageShape(3, 35, 55), 1);
      assertThatThrownBy(() -> refiner.refine(colour))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("55x35 colour");
      assertThatThrownBy(() -> refiner.refine(LevelBatch.of(colour)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("55x35 colour");
    }
  }

  private Refiner refiner(Path folder, long seed) throws IOException {
    return engine()
        .refiner(
            Models.model(Models.TINY, Models.weights(Models.TINY, seed), folder),
            Device.cpu(),
            Precision.FULL);
  }

  private static void assertRefined(Refiner refiner, ImageBatch images, long seed) {
    RefinerNetwork network = Models.TINY;
    Weights weights = Models.weights(network, seed);
    assertThat(refiner.refine(images).pixels())
        .containsExactly(new NaiveRefiner(network, weights).refine(images).pixels(), within(2e-5f));
  }
}
