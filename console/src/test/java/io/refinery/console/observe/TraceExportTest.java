package io.refinery.console.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.refinery.console.config.BooleanOrAuto;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.telemetry.Tracing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceExportTest {

  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String SAMPLER = "otel.traces.sampler";

  @BeforeEach
  @AfterEach
  void reset() {
    GlobalOpenTelemetry.resetForTest();
    System.clearProperty(ENDPOINT);
    System.clearProperty(SAMPLER);
  }

  @Test
  void spansArriveAtACollectorByHttp() throws Exception {
    List<String> received = new CopyOnWriteArrayList<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          received.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(
                      exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      System.setProperty(ENDPOINT, "http://127.0.0.1:" + collector.getAddress().getPort());
      String result =
          TraceExport.during(
              settings("true"),
              "refinery-worker",
              () ->
                  Tracing.process(
                      new ConsumerRecord<>("refinery.jobs", 0, 7, "k", new byte[0]),
                      Map.of("refinery.job", "eyes-17"),
                      () -> "done"));
      assertThat(result).isEqualTo("done");
    } finally {
      collector.stop(0);
    }
    assertThat(received)
        .singleElement()
        .asString()
        .startsWith("/v1/traces application/x-protobuf ")
        .contains("process refinery.jobs", "eyes-17", "refinery-worker");
  }

  @Test
  void tracingIsOffUnlessTheEnvironmentOrASettingTurnsItOn() {
    Map<String, String> endpoint = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
    assertThat(TraceExport.isOn(BooleanOrAuto.AUTO, Map.of())).isFalse();
    assertThat(TraceExport.isOn(BooleanOrAuto.AUTO, Map.of("OTEL_SERVICE_NAME", "a"))).isFalse();
    assertThat(TraceExport.isOn(BooleanOrAuto.AUTO, endpoint)).isTrue();
    assertThat(TraceExport.isOn(BooleanOrAuto.FALSE, endpoint)).isFalse();
    assertThat(TraceExport.isOn(BooleanOrAuto.TRUE, Map.of())).isTrue();
    assertThat(TraceExport.isOn(BooleanOrAuto.AUTO, Map.of("OTEL_TRACES_EXPORTER", "otlp")))
        .isTrue();
    assertThat(TraceExport.isOn(BooleanOrAuto.AUTO, Map.of("OTEL_TRACES_EXPORTER", "none")))
        .isFalse();
    assertThat(
            TraceExport.isOn(
                BooleanOrAuto.AUTO,
                Map.of(
                    "OTEL_SDK_DISABLED", "true",
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")))
        .isFalse();
  }

  @Test
  void withTracingOffNothingIsInstalled() throws Exception {
    assertThat(TraceExport.during(settings("false"), "refinery-worker", Tracing::isOn)).isFalse();
  }

  @Test
  void aVariableThatIsNotValidIsAConfigurationError() {
    System.setProperty(SAMPLER, "sometimes");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> TraceExport.during(settings("true"), "refinery-worker", () -> "done"))
        .withMessageStartingWith("The variables OTEL_* are not valid: ")
        .withMessageContaining("sometimes");
  }

  private static Settings settings(String tracing) {
    return Configuration.load(
            Map.of(), Optional.empty(), Map.of(), Map.of("refinery.tracing", tracing))
        .settings();
  }
}
