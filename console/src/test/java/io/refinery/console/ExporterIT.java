package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.exporter.Exporter;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.work.WorkerFactory;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.json.Json;
import io.refinery.testkit.MetricFamilies;
import io.refinery.testkit.Stack;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exporter as monitoring and scalers see it. */
class ExporterIT {

  private static final Path HOME = Path.of(System.getProperty("refinery.embedded.home"));
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  private Path data;

  @BeforeEach
  void prepare() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
  }

  private Commands commands(EmbeddedServers servers) {
    Stack stack =
        new Stack(
            servers.bootstrapServers(),
            servers.s3Endpoint(),
            servers.accessKey(),
            servers.secretKey(),
            "exported");
    return new Commands(stack, folder.resolve("home"));
  }

  /** Only what an exporter needs: no store. */
  private static Exporter exporter(Map<String, String> of) {
    Map<String, String> own = new HashMap<>(of);
    own.keySet().removeIf(name -> name.startsWith("refinery.storage."));
    own.put("refinery.exporter.status-port", "0");
    own.put("refinery.exporter.interval", "PT0.2S");
    return Exporter.start(settings(own));
  }

  private static Settings settings(Map<String, String> flags) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), flags).settings();
  }

  private static HttpResponse<String> get(Exporter exporter, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + exporter.port() + path);
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static JsonNode figures(Exporter exporter) throws Exception {
    return Json.mapper().readTree(get(exporter, "/api/backlog").body());
  }

  private static void awaitFigure(Exporter exporter, String pointer, int value) {
    await().atMost(PATIENCE).until(() -> figures(exporter).at(pointer).asInt(-1) == value);
  }

  @Test
  void waitingJobsAreServedWithoutAWorkerAndAreGoneWhenOneHasDoneThem() throws Exception {
    try (EmbeddedServers servers = EmbeddedServers.start(HOME, data)) {
      Commands commands = commands(servers);
      try (Exporter exporter = exporter(commands.settings());
          Connections connections = commands.connect()) {
        ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
        awaitFigure(exporter, "/jobs/count", 0);
        Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 4);
        for (String priority : new String[] {"high", "normal", "normal"}) {
          String[] submit = {"submit", eyes.toString(), "--priority", priority};
          assertThat(commands.refinery(submit).code()).isZero();
        }

        awaitFigure(exporter, "/jobs/count", 3);
        JsonNode figures = figures(exporter);
        assertThat(figures.at("/status").asText()).isEqualTo("up");
        assertThat(figures.at("/jobs/high/count").asInt()).isEqualTo(1);
        assertThat(figures.at("/jobs/normal/count").asInt()).isEqualTo(2);
        assertThat(figures.at("/jobs/oldestSeconds").asDouble()).isBetween(0.001, 180.0);
        assertThat(figures.at("/jobs/oldestSeconds").asDouble())
            .isGreaterThanOrEqualTo(figures.at("/jobs/normal/oldestSeconds").asDouble());
        assertThat(figures.at("/trainings/count").asInt(-1)).isZero();
        assertThat(figures.at("/trainings/oldestSeconds").asInt(-1)).isZero();
        assertThat(figures.at("/deadLetters").asInt(-1)).isZero();
        String page = get(exporter, "/metrics").body();
        assertThat(page)
            .contains(
                "refinery_jobs_backlog{priority=\"high\"} 1.0",
                "refinery_jobs_backlog{priority=\"normal\"} 2.0",
                "refinery_trainings_backlog 0.0",
                "refinery_dead_letters 0.0",
                "refinery_outage 0.0");
        Map<String, String> documented =
            MetricFamilies.documented("Metrics of the exporter", "Metrics of the process");
        assertThat(MetricFamilies.served(page, documented)).isEqualTo(documented);

        try (Worker worker = WorkerFactory.start(connections)) {
          assertThat(worker.name()).isNotEmpty();
          awaitFigure(exporter, "/jobs/count", 0);
        }
        assertThat(figures(exporter).at("/jobs/oldestSeconds").asDouble(-1)).isZero();
      }
    }
  }

  @Test
  void aBrokerThatIsAwayIsNotServedAsAnEmptyQueue() throws Exception {
    EmbeddedServers servers = EmbeddedServers.start(HOME, data);
    try (Exporter exporter = exporter(commands(servers).settings())) {
      assertThat(get(exporter, "/live").statusCode()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> get(exporter, "/ready").statusCode() == 200);
      assertThat(get(exporter, "/api/backlog").statusCode()).isEqualTo(200);
      servers.close();

      await().atMost(PATIENCE).until(() -> get(exporter, "/ready").statusCode() == 503);
      assertThat(get(exporter, "/ready").body()).contains("does not answer");
      assertThat(get(exporter, "/api/backlog").statusCode()).isEqualTo(503);
      assertThat(get(exporter, "/api/backlog").body()).doesNotContain("count");
      assertThat(get(exporter, "/metrics").body())
          .contains(
              "refinery_jobs_backlog{priority=\"normal\"} NaN",
              "refinery_trainings_backlog NaN",
              "refinery_dead_letters NaN",
              "refinery_outage 1.0");
      assertThat(get(exporter, "/live").statusCode()).isEqualTo(200);

      servers = EmbeddedServers.start(HOME, data);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()))) {
        assertThat(admin.describeCluster().nodes().get()).hasSize(1);
      }
      await().atMost(PATIENCE).until(() -> get(exporter, "/ready").statusCode() == 200);
      awaitFigure(exporter, "/jobs/count", 0);
    } finally {
      servers.close();
    }
  }

  @Test
  void settingsThatCannotWorkAreNamed() {
    assertRefused(Map.of(), "No broker is configured", "--kafka");
    Map<String, String> broker = Map.of("refinery.kafka.bootstrap-servers", "127.0.0.1:1");
    assertRefused(
        with(broker, "refinery.exporter.interval", "PT0S"), "refinery.exporter.interval", "PT0S");
    assertRefused(with(broker, "refinery.exporter.status-port", "70000"), "70000");
    for (String port : new String[] {"0", "9102"}) {
      assertRefused(
          with(
              with(broker, "refinery.exporter.status-port", port),
              "refinery.exporter.status-address",
              "no-such-host.invalid"),
          "no-such-host.invalid");
    }
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    Map<String, String> more = new HashMap<>(some);
    more.put(name, value);
    return more;
  }

  private static void assertRefused(Map<String, String> flags, String... words) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> Exporter.start(settings(flags)).close())
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
