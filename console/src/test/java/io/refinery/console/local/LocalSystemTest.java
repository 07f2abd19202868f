package io.refinery.console.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalSystemTest {

  @TempDir Path folder;

  @Test
  void enginesThatCannotShareAProcessAreRefusedBeforeAnythingStarts() {
    Map<String, String> settings =
        Map.of("refinery.worker.engine", "torch", "refinery.trainer.engine", "dl4j");

    assertThatThrownBy(() -> start(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("refinery.worker.engine=torch")
        .hasMessageContaining("refinery.trainer.engine=dl4j")
        .hasMessageContaining("torch uses javacpp")
        .hasMessageContaining("Set one of them to auto");
  }

  @ParameterizedTest
  @CsvSource({
    "refinery.worker.batch-size, many",
    "refinery.worker.status-port, 70000",
    "refinery.trainer.device, toaster"
  })
  void anInvalidSettingIsRefusedBeforeAnythingStarts(String setting, String value) {
    String service = setting.substring(0, setting.lastIndexOf('.'));

    assertThatThrownBy(() -> start(Map.of(setting, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(service, value);
    assertThat(folder).isEmptyDirectory();
  }

  private void start(Map<String, String> settings) throws IOException {
    LocalSystem.start(
            folder,
            ServerOptions.DEFAULT,
            servers -> Configuration.load(servers, Optional.empty(), Map.of(), settings))
        .close();
  }
}
