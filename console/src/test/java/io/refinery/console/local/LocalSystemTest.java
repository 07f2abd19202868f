package io.refinery.console.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.embedded.ServerOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSystemTest {

  @TempDir Path folder;

  @Test
  void enginesThatCannotShareAProcessAreRefusedBeforeAnythingStarts() {
    Map<String, String> settings =
        Map.of("refinery.worker.engine", "torch", "refinery.trainer.engine", "dl4j");

    assertThatThrownBy(
            () ->
                LocalSystem.start(
                    folder,
                    ServerOptions.DEFAULT,
                    servers -> Configuration.load(Map.of(), Optional.empty(), Map.of(), settings)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("refinery.worker.engine=torch")
        .hasMessageContaining("refinery.trainer.engine=dl4j")
        .hasMessageContaining("torch brings javacpp")
        .hasMessageContaining("Set one of them to auto");
  }
}
