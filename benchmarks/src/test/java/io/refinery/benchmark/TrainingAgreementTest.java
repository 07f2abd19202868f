package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.PairSpec;
import io.refinery.image.ImageShape;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.trainer.plan.Preset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingAgreementTest {

  private static final ImageShape SHAPE = new ImageShape(1, 12, 16);

  @Test
  void theCpuAgreesWithItself() {
    PairSpec spec =
        TrainingTask.steps(Preset.EYES_PORT, SHAPE, 2 * SHAPE.values())
            .with(Map.of("refiner.filters", "2", "refiner.blocks", "1"))
            .pair(SHAPE);

    assertThat(
            TrainingAgreement.share(
                EngineSelection.training("auto", Device.cpu(), EngineOptions.DEFAULTS).engine(),
                spec,
                Device.cpu()))
        .isLessThan(1e-4);
  }

  @Test
  void theDifferenceIsAShareOfTheUpdatesLength() {
    assertThat(TrainingAgreement.share(weights(0, 0), weights(3, 4), weights(3, 3.5f)))
        .isEqualTo(0.1, within(1e-12));
    assertThat(TrainingAgreement.share(weights(0, 0), weights(3, 4), weights(0, 0))).isEqualTo(1);
    assertThat(TrainingAgreement.share(weights(0, 0), weights(3, 4), weights(Float.NaN, 4)))
        .isNaN();
  }

  private static Weights weights(float... values) {
    return new Weights(Map.of("w", new Tensor(List.of(values.length), values)));
  }
}
