package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.trainer.checkpoint.Progress;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineOfTrainingTest {

  @Test
  void aTrainingThatBeginsTakesTheWantedEngine() {
    assertThat(engineOf("dl4j", Optional.empty())).isEqualTo("dl4j");
    assertThatThrownBy(() -> engineOf("abacus", Optional.empty()))
        .isInstanceOf(EngineException.class)
        .isNotInstanceOf(OtherEngineException.class)
        .hasMessageContaining("no engine 'abacus'");
  }

  @Test
  void oneThatGoesOnTakesTheEngineThatHasBegunItWhicheverIsFastest() {
    assertThat(engineOf("auto", Optional.of("dl4j"))).isEqualTo("dl4j");
    assertThatThrownBy(() -> engineOf("auto", Optional.of("abacus")))
        .isInstanceOf(OtherEngineException.class)
        .hasMessageContaining("Training begun was begun by the engine abacus")
        .hasMessageContaining("no engine 'abacus'");
  }

  @Test
  void anotherEngineThanTheOneThatHasBegunItIsRefused() {
    assertThatThrownBy(() -> engineOf("dl4j", Optional.of("abacus")))
        .isInstanceOf(OtherEngineException.class)
        .hasMessageContaining("begun by the engine abacus")
        .hasMessageContaining("dl4j cannot go on");
  }

  private static String engineOf(String wanted, Optional<String> begunBy) {
    TrainingRequest request =
        new TrainingRequest(
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
    Optional<Progress> begun =
        begunBy.map(
            engine -> Progress.start("eyes", request.plan(), List.of(), engine, Optional.empty()));
    return EngineOfTraining.select(request, begun).engine().name();
  }
}
