package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StartUpIT {

  private final Logger log = (Logger) LoggerFactory.getLogger(StartUp.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    log.addAppender(said);
  }

  @AfterEach
  void hearNoMore() {
    log.detachAppender(said);
  }

  @Test
  void whatTheSettingsAllowIsTriedAndGoesIntoTheLog() throws Exception {
    StartUp.ofWorker(settings("refinery.worker.engine", "onnx"));

    assertThat(said.list)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getFormattedMessage())
                    .contains("Machine", "onnx on cpu", "refines by", "To refine on cpu: onnx.")
                    .doesNotContain("dl4j", "torch", "images/s", "To train"));
  }

  @Test
  void nothingIsTriedWhereItIsSwitchedOff() throws Exception {
    StartUp.ofBoth(settings("refinery.engines.examine", "false"));

    assertThat(said.list).isEmpty();
  }

  private static Settings settings(String name, String value) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), Map.of(name, value)).settings();
  }
}
