package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StartupCheckIT {

  private static final String EXAMINE = "refinery.engines.examine";
  private static final String NO_SUCH_DEVICE = "cuda:99";

  private final Logger log = (Logger) LoggerFactory.getLogger(StartupCheck.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(said);
  }

  @Test
  void enginesAllowedByTheSettingsAreTriedAndLogged() throws Exception {
    StartupCheck.ofWorker(settings(Map.of(EXAMINE, "brief", "refinery.worker.engine", "onnx")));

    assertThat(text())
        .contains("Machine", "onnx on cpu", "refines with", "To refine on cpu: onnx.")
        .doesNotContain("dl4j", "torch", "images/s", "To train");
  }

  @Test
  void aTrainerMeasuresTrainingOnly() throws Exception {
    StartupCheck.ofTrainer(settings(Map.of("refinery.trainer.engine", "torch")));

    assertThat(text())
        .contains("torch on cpu", "trains with", " steps/s", "To train on cpu: torch.")
        .doesNotContain("dl4j", "onnx", "refines", "images/s", "To refine");
  }

  @Test
  void enginesAreTriedOnlyForTheServiceThatMayUseThem() throws Exception {
    StartupCheck.ofBoth(
        settings(
            Map.of(
                EXAMINE,
                "brief",
                "refinery.worker.engine",
                "onnx",
                "refinery.trainer.engine",
                "torch",
                "refinery.trainer.device",
                NO_SUCH_DEVICE)));

    assertThat(text())
        .contains("onnx on cpu", "torch on " + NO_SUCH_DEVICE, "To refine on cpu: onnx.")
        .contains("To train on " + NO_SUCH_DEVICE + ": no engine. torch cannot: ")
        .doesNotContain("dl4j", "torch on cpu", "To train on cpu", "not supported by this engine");
  }

  @Test
  void anInvalidDeviceIsNamedWithItsSetting() {
    assertThatThrownBy(
            () -> StartupCheck.ofTrainer(settings(Map.of("refinery.trainer.device", "gpu"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("refinery.trainer.device: 'gpu'")
        .hasMessageContaining("cuda:0 for the first GPU");
  }

  @Test
  void nothingIsTriedIfTheCheckIsSwitchedOff() throws Exception {
    StartupCheck.ofBoth(settings(Map.of(EXAMINE, "none")));

    assertThat(said.list).isEmpty();
  }

  private String text() {
    return said.list.get(said.list.size() - 1).getFormattedMessage();
  }

  private static Settings settings(Map<String, String> flags) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), flags).settings();
  }
}
