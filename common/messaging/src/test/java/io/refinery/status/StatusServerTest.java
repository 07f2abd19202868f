package io.refinery.status;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.refinery.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StatusServerTest {

  private static final int HALF_OPEN = 150;

  /** A request that stops in its first line, in a header, and in its body. */
  private static final String[] UNFINISHED = {
    "GET /hea",
    "GET /health HTTP/1.1\r\nHost: a",
    "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf"
  };

  private static final String HOST = "127.0.0.1";
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final AtomicReference<Status> status = new AtomicReference<>(Status.UP);
  private final List<String> lost = new CopyOnWriteArrayList<>();

  @Test
  void metricsAndHealthAreServed() throws Exception {
    try (StatusServer server = server(() -> "images 7\n")) {
      assertThat(get(server, "/metrics").body()).isEqualTo("images 7\n");
      HttpResponse<String> health = get(server, "/health");
      assertThat(health.statusCode()).isEqualTo(200);
      assertThat(Json.mapper().readTree(health.body()).get("status").asText()).isEqualTo("up");
      assertThat(Json.mapper().readTree(health.body()).at("/serving/eyes@stable").asText())
          .isEqualTo("eyes@7");
    }
  }

  @Test
  void aServiceThatIsDownFailsItsHealthCheckButADegradedOneDoesNot() throws Exception {
    try (StatusServer server = server(() -> "")) {
      status.set(Status.DEGRADED);
      assertThat(get(server, "/health").statusCode()).isEqualTo(200);
      status.set(Status.DOWN);
      assertThat(get(server, "/health").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void probesFailWithTheirReasons() throws Exception {
    try (StatusServer server = server(() -> "")) {
      assertThat(get(server, "/live").statusCode()).isEqualTo(200);
      assertThat(get(server, "/live").body()).isEqualTo("{\"status\":\"up\",\"reasons\":[]}");
      status.set(Status.DOWN);
      assertThat(get(server, "/live").statusCode()).isEqualTo(200);
      assertThat(get(server, "/ready").statusCode()).isEqualTo(503);
      assertThat(get(server, "/ready").body())
          .isEqualTo("{\"status\":\"down\",\"reasons\":[\"why\"]}");
      lost.add("The device is lost.");
      assertThat(get(server, "/live").statusCode()).isEqualTo(503);
      assertThat(get(server, "/live").body()).contains("The device is lost.");
    }
  }

  @Test
  void furtherPagesAreServedAsHealthIsAndNamedWhereAPathIsUnknown() throws Exception {
    StatusPages usual = pages(() -> "");
    StatusPages more =
        new StatusPages(
            usual.metrics(),
            usual.health(),
            usual.live(),
            usual.ready(),
            Map.of("/api/figures", this::health));
    try (StatusServer server = new StatusServer(ANY_PORT, more)) {
      assertThat(get(server, "/api/figures").body()).contains("eyes@7");
      status.set(Status.DOWN);
      assertThat(get(server, "/api/figures").statusCode()).isEqualTo(503);
      assertThat(get(server, "/api").statusCode()).isEqualTo(404);
      assertThat(get(server, "/api").body()).contains("/api/figures", "/health");
    }
  }

  @Test
  void halfOpenRequestsDoNotBlockOthers() throws Exception {
    try (StatusServer server = server(() -> "")) {
      assertThat(get(server, "/health").statusCode()).isEqualTo(200); // Loads its classes.
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < HALF_OPEN; i++) {
          Socket client = new Socket(LOOPBACK, server.port());
          clients.add(client);
          client.getOutputStream().write(UNFINISHED[i % UNFINISHED.length].getBytes(US_ASCII));
        }
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> assertThat(get(server, "/health").statusCode()).isEqualTo(200));
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void anUnfinishedRequestIsClosed() throws Exception {
    try (StatusServer server = server(() -> "");
        Socket client = new Socket(LOOPBACK, server.port())) {
      client.setSoTimeout(20_000);
      client.getOutputStream().write("GET /health HTTP/1.1\r\nHost: a".getBytes(US_ASCII));
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aSlowPageIsAnsweredWhileOthersWait() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (StatusServer server = server(() -> await(slow))) {
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiting.add(CLIENT.sendAsync(request(server, "/metrics").build(), BodyHandlers.ofString()));
      }
      assertThat(waiting.get(0).completeOnTimeout(null, 400, TimeUnit.MILLISECONDS).get()).isNull();
      slow.countDown();
      for (CompletableFuture<HttpResponse<String>> one : waiting.subList(1, waiting.size())) {
        assertThat(one.get().body()).isEqualTo("slow");
      }
    }
  }

  private static String await(CountDownLatch latch) {
    try {
      latch.await();
      return "slow";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anErrorInAPageIsAnsweredAndTheNextRequestIsServed() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    Supplier<String> metrics =
        () -> {
          if (broken.getAndSet(false)) {
            throw new IllegalStateException("broken");
          }
          return "images 7\n";
        };
    try (StatusServer server = server(metrics)) {
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(500);
      assertThat(get(server, "/metrics").body()).isEqualTo("images 7\n");
    }
  }

  @Test
  void onlyTheTwoPagesAreServedReadOnly() throws Exception {
    try (StatusServer server = server(() -> "images 7\n")) {
      assertThat(get(server, "/").statusCode()).isEqualTo(404);
      assertThat(get(server, "/healthy").statusCode()).isEqualTo(404);
      assertThat(get(server, "/health/x").statusCode()).isEqualTo(404);
      HttpResponse<String> posted =
          send(request(server, "/metrics").POST(BodyPublishers.ofString("images 8")));
      assertThat(posted.statusCode()).isEqualTo(405);
      assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
      HttpResponse<String> head =
          send(request(server, "/metrics").method("HEAD", BodyPublishers.noBody()));
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(9);
    }
  }

  @Test
  void onlyTheGivenAddressIsListenedOn() throws Exception {
    InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    try (StatusServer server = server(() -> "")) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> new Socket(other, server.port()).close());
    }
    try (StatusServer server = new StatusServer(new InetSocketAddress(0), pages(() -> ""))) {
      new Socket(other, server.port()).close();
    }
  }

  @Test
  void aPortInUseIsNamed() {
    try (StatusServer server = server(() -> "")) {
      InetSocketAddress taken = StatusServer.address(HOST, server.port()).orElseThrow();
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> new StatusServer(taken, pages(() -> "")).close())
          .withMessageContaining("127.0.0.1:" + server.port());
    }
  }

  @Test
  void settingsSayWhereToServe() {
    assertThat(StatusServer.address(HOST, 9100)).contains(new InetSocketAddress(LOOPBACK, 9100));
    assertThat(StatusServer.address("no-such-host.invalid", 0)).isEmpty();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StatusServer.address("no-such-host.invalid", 9100))
        .withMessage("status-address 'no-such-host.invalid' is not a known address");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StatusServer.address(HOST, 70000))
        .withMessage("A port must be 0 to 65535, not 70000");
  }

  private StatusServer server(Supplier<String> metrics) {
    return new StatusServer(ANY_PORT, pages(metrics));
  }

  private StatusPages pages(Supplier<String> metrics) {
    return new StatusPages(
        metrics, this::health, () -> Probe.of(lost), () -> new Probe(status.get(), List.of("why")));
  }

  private record Shown(Status status, Map<String, String> serving) implements Health {}

  private Health health() {
    return new Shown(status.get(), Map.of("eyes@stable", "eyes@7"));
  }

  private static HttpResponse<String> get(StatusServer server, String path)
      throws IOException, InterruptedException {
    return send(request(server, path));
  }

  private static HttpRequest.Builder request(StatusServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + server.port() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
