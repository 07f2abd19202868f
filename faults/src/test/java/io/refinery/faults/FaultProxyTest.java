package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultProxyTest {

  private static final String BODY = "a body of some length";

  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            exchange.getResponseHeaders().add("seen-host", host);
            byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    proxy =
        FaultProxy.start(() -> URI.create("http://127.0.0.1:" + server.getAddress().getPort()), 1);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  private HttpResponse<String> put() throws IOException, InterruptedException {
    return send("PUT", HttpRequest.BodyPublishers.ofString("x".repeat(100_000)));
  }

  private HttpResponse<String> send(String method, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(proxy.endpoint().resolve("/bucket/key"))
                .timeout(Duration.ofSeconds(5))
                .version(HttpClient.Version.HTTP_1_1)
                .method(method, body)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestsPassWithTheirHostHeader() throws Exception {
    HttpResponse<String> answer = put();

    assertThat(answer.body()).isEqualTo(BODY);
    assertThat(answer.headers().firstValue("seen-host"))
        .contains("127.0.0.1:" + proxy.endpoint().getPort());
  }

  @ParameterizedTest
  @CsvSource({"DENY, 403", "FAIL, 500", "BUSY, 503", "FULL, 507"})
  void refusalsAreAnsweredWithTheirStatus(ProxyMode mode, int status) throws Exception {
    proxy.set(mode);

    assertThat(put().statusCode()).isEqualTo(status);
  }

  @Test
  void refusedConnectionsAreClosed() {
    proxy.set(ProxyMode.REFUSE);

    assertThatExceptionOfType(IOException.class).isThrownBy(this::put);
  }

  @Test
  void aFullStoreCanBeRead() throws Exception {
    proxy.set(ProxyMode.FULL);

    assertThat(send("GET", HttpRequest.BodyPublishers.noBody()).body()).isEqualTo(BODY);
  }

  @Test
  void someBodiesHaveOneChangedByte() {
    proxy.set(ProxyMode.FLIP);

    await().untilAsserted(() -> assertThat(put().body()).hasSameSizeAs(BODY).isNotEqualTo(BODY));
  }

  @Test
  void someResponsesAreCut() {
    proxy.set(ProxyMode.CUT);

    await().untilAsserted(() -> assertThatExceptionOfType(IOException.class).isThrownBy(this::put));
  }

  @Test
  void allIsWellAfterAFault() throws Exception {
    proxy.set(ProxyMode.DENY);
    proxy.set(ProxyMode.PASS);

    assertThat(put().body()).isEqualTo(BODY);
  }
}
