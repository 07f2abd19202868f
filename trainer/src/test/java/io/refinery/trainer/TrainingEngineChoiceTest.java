package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingEngineChoiceTest {

  @Test
  void aNewTrainingTakesTheRequestedEngine() {
    assertThat(engineOf("dl4j", Optional.empty())).isEqualTo("dl4j");
    assertThatThrownBy(() -> engineOf("abacus", Optional.empty()))
        .isInstanceOf(EngineException.class)
        .isNotInstanceOf(EngineMismatchException.class)
        .hasMessageContaining("no engine 'abacus'");
  }

  @Test
  void aResumedTrainingKeepsItsEngineWhicheverIsFastest() {
    assertThat(engineOf("auto", Optional.of("dl4j"))).isEqualTo("dl4j");
    assertThatThrownBy(() -> engineOf("auto", Optional.of("abacus")))
        .isInstanceOf(EngineMismatchException.class)
        .hasMessageContaining("Training begun was started by the engine abacus")
        .hasMessageContaining("no engine 'abacus'");
  }

  @Test
  void resumingWithAnotherEngineIsRejected() {
    assertThatThrownBy(() -> engineOf("dl4j", Optional.of("abacus")))
        .isInstanceOf(EngineMismatchException.class)
        .hasMessageContaining("started by the engine abacus")
        .hasMessageContaining("dl4j cannot resume");
  }

  private static String engineOf(String wanted, Optional<String> begunBy) {
    TrainingSpec request =
        new TrainingSpec(
            Optional.of("begun"),
            "eyes",
            Preset.QUICK.plan(),
            new DataSource(List.of("a.h5")),
            new DataSource(List.of("b.h5")),
            "real",
            Optional.empty(),
            wanted,
            Device.cpu(),
            Optional.empty(),
            Path.of("version"));
    Optional<CheckpointMetadata> begun =
        begunBy.map(
            engine ->
                CheckpointMetadata.start(
                    "eyes", request.plan(), List.of(), engine, Optional.empty()));
    return TrainingEngineChoice.select(request, begun, EngineOptions.DEFAULTS).engine().name();
  }
}
