package io.refinery.console.observe;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.refinery.console.config.BooleanOrAuto;
import io.refinery.console.config.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector while a service runs, as OpenTelemetry's own environment variables
 * say.
 */
public final class TraceExport {

  private static final Logger log = LoggerFactory.getLogger(TraceExport.class);

  /** Traces alone, by HTTP: metrics are scraped, and the JDK's client does not speak gRPC. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none",
          "otel.exporter.otlp.protocol", "http/protobuf");

  /** Each says where spans go. */
  private static final List<String> VARIABLES =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  /** What a service does while its spans are sent. */
  @FunctionalInterface
  public interface Service<T> {
    T run() throws IOException, InterruptedException;
  }

  private TraceExport() {}

  /**
   * Runs a service, and sends its spans if the settings or the environment say so.
   *
   * @param name the service's name in traces, unless {@code OTEL_SERVICE_NAME} is set
   * @throws io.refinery.console.config.ConfigurationException when a variable is not valid
   */
  public static <T> T during(Settings settings, String name, Service<T> service)
      throws IOException, InterruptedException {
    if (!isOn(settings.tracing(), System.getenv()) || GlobalOpenTelemetry.isSet()) {
      return service.run();
    }
    OpenTelemetrySdk sdk = start(name);
    try {
      return service.run();
    } finally {
      sdk.close();
    }
  }

  /** Returns whether spans are sent. */
  static boolean isOn(BooleanOrAuto setting, Map<String, String> environment) {
    return switch (setting) {
      case TRUE -> true;
      case FALSE -> false;
      case AUTO ->
          !environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
              && !environment.getOrDefault("OTEL_TRACES_EXPORTER", "").equals("none")
              && VARIABLES.stream().anyMatch(one -> !environment.getOrDefault(one, "").isBlank());
    };
  }

  private static OpenTelemetrySdk start(String name) {
    try {
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> DEFAULTS)
              .addPropertiesSupplier(() -> Map.of("otel.service.name", name))
              .disableShutdownHook()
              .setResultAsGlobal()
              .build()
              .getOpenTelemetrySdk();
      log.info("Sending spans of {}", name);
      return sdk;
    } catch (ConfigurationException e) {
      throw new io.refinery.console.config.ConfigurationException(
          "The variables OTEL_* are not valid: " + e.getMessage(), e);
    }
  }
}
