package io.refinery.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StatusServerTest {

  private final AtomicReference<Status> status = new AtomicReference<>(Status.UP);

  @Test
  void metricsAndHealthAreServed() throws Exception {
    try (StatusServer server = new StatusServer(0, () -> "images 7\n", this::health)) {
      assertThat(get(server, "/metrics").body()).isEqualTo("images 7\n");
      HttpResponse<String> health = get(server, "/health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(Json.mapper().readTree(health.body()).get("status").asText()).isEqualTo("up");
      assertThat(Json.mapper().readTree(health.body()).at("/serving/eyes@stable").asText())
          .isEqualTo("eyes@7");
    }
  }

  @Test
  void aServiceThatIsDownFailsItsHealthCheckAndOneThatIsDegradedDoesNot() throws Exception {
    try (StatusServer server = new StatusServer(0, () -> "", this::health)) {
      status.set(Status.DEGRADED);
      assertThat(get(server, "/health").statusCode()).isEqualTo(200);
      status.set(Status.DOWN);
      assertThat(get(server, "/health").statusCode()).isEqualTo(503);
    }
  }

  private record Shown(Status status, Map<String, String> serving) implements Health {}

  private Health health() {
    return new Shown(status.get(), Map.of("eyes@stable", "eyes@7"));
  }

  private static HttpResponse<String> get(StatusServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
