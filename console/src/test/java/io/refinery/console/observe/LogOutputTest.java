package io.refinery.console.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.console.config.Configuration;
import io.refinery.json.Json;
import io.refinery.telemetry.LogLabels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogOutputTest {

  private static final Map<String, String> LABELS =
      Map.of("worker", "w1", "job", "eyes-1", "delivery", "2", "model", "eyes@7");

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger own = context.getLogger("io.refinery");
  private final Logger log = context.getLogger("io.refinery.worker.JobHandler");
  private final Level level = own.getLevel();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
  private final Map<OutputStreamAppender<ILoggingEvent>, Encoder<ILoggingEvent>> others =
      new HashMap<>();

  @BeforeEach
  void listen() {
    root.iteratorForAppenders()
        .forEachRemaining(
            one -> {
              if (one instanceof OutputStreamAppender<ILoggingEvent> other) {
                others.put(other, other.getEncoder());
              }
            });
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern("%msg%n");
    text.start();
    appender.setContext(context);
    appender.setEncoder(text);
    appender.setOutputStream(out);
    appender.start();
    root.addAppender(appender);
    own.setLevel(Level.WARN);
  }

  @AfterEach
  void restore() {
    root.detachAppender(appender);
    others.forEach(OutputStreamAppender::setEncoder);
    own.setLevel(level);
  }

  private static void apply(String... settings) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    LogOutput.apply(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), flags).settings().log());
  }

  @Test
  void jsonHasOneObjectPerLineWithTheLabelsOfTheJob() throws IOException {
    apply("refinery.log.format", "json", "refinery.log.level", "info");
    LogLabels.with(
        LABELS,
        () -> {
          log.info("Job {} has ended:\n{}", "eyes-1", "\"succeeded\"");
          log.warn("Released", new IllegalStateException("torn"));
          return true;
        });
    log.info("Without labels");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      lines.add(Json.mapper().readTree(line));
    }
    assertThat(lines).hasSize(3);
    JsonNode first = lines.get(0);
    assertThat(first.get("formattedMessage").asText())
        .isEqualTo("Job eyes-1 has ended:\n\"succeeded\"");
    assertThat(first.get("level").asText()).isEqualTo("INFO");
    assertThat(first.get("loggerName").asText()).isEqualTo("io.refinery.worker.JobHandler");
    assertThat(first.get("threadName").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(first.get("timestamp").isNumber()).isTrue();
    Map<String, String> labels = new HashMap<>();
    first.get("mdc").properties().forEach(one -> labels.put(one.getKey(), one.getValue().asText()));
    assertThat(labels).isEqualTo(LABELS);
    assertThat(lines.get(1).at("/throwable/message").asText()).isEqualTo("torn");
    assertThat(lines.get(2).at("/mdc/job").isMissingNode()).isTrue();
  }

  @Test
  void textIsTheDefaultAndWarnsOnly() {
    apply();
    log.info("fine");
    log.warn("not fine");
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("not fine");
  }

  @Test
  void aFlagThatAsksForMoreLinesIsKept() {
    own.setLevel(Level.DEBUG);
    apply("refinery.log.level", "info");
    assertThat(own.getLevel()).isEqualTo(Level.DEBUG);
  }

  @Test
  void textShowsTheLabelsInOrderAndNothingWithoutThem() {
    PatternLayoutEncoder labelled = new PatternLayoutEncoder();
    labelled.setContext(context);
    labelled.setPattern("%level: %labels%msg%n");
    context.putObject(
        ch.qos.logback.core.CoreConstants.PATTERN_RULE_REGISTRY,
        new HashMap<>(Map.of("labels", LabelsConverter.class.getName())));
    try {
      labelled.start();
    } finally {
      context.removeObject(ch.qos.logback.core.CoreConstants.PATTERN_RULE_REGISTRY);
    }
    appender.setEncoder(labelled);
    LogLabels.with(
        LABELS,
        () -> {
          log.warn("one");
          return true;
        });
    log.warn("two");
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("WARN: [delivery=2 job=eyes-1 model=eyes@7 worker=w1] one", "WARN: two");
  }
}
