package io.refinery.console.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpCommandTest {

  @Test
  void theGreetingSaysWhereTheSecretIsAndNotWhatItIs() {
    Settings settings =
        Configuration.load(
                Map.of(),
                Optional.empty(),
                Map.of(),
                Map.of(
                    "refinery.home", "/somewhere",
                    "refinery.kafka.bootstrap-servers", "localhost:9092",
                    "refinery.storage.endpoint", "http://localhost:9000",
                    "refinery.storage.access-key", "refinery",
                    "refinery.storage.secret-key", "hush-hush"))
            .settings();

    assertThat(UpCommand.greeting(settings, "onnx on cpu", "torch on cpu"))
        .doesNotContain("hush-hush")
        .contains("localhost:9092", "http://localhost:9000")
        .contains("in the file " + Path.of("/somewhere", "up", "secret"));
  }
}
