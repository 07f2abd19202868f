package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineOptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeTaskTest {

  @Test
  void itsArgumentsTellAllOfIt() {
    ProbeTask task =
        new ProbeTask(
            "torch",
            "cuda:0",
            EnumSet.allOf(EngineUse.class),
            0.5,
            Path.of("folder"),
            new EngineOptions(
                Map.of(
                    "refinery.engines.torch.threads", "2",
                    "refinery.engines.onnx.spinning", "auto")));
    assertThat(ProbeTask.of(task.toArguments())).isEqualTo(task);
  }
}
