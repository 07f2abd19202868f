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

  private HttpResponse<String> get() throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(proxy.endpoint().resolve("/bucket/key"))
                .timeout(Duration.ofSeconds(5))
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestsPassWithTheirHostHeader() throws Exception {
    HttpResponse<String> answer = get();

    assertThat(answer.body()).isEqualTo(BODY);
    assertThat(answer.headers().firstValue("seen-host"))
        .contains("127.0.0.1:" + proxy.endpoint().getPort());
  }

  @ParameterizedTest
  @CsvSource({"DENY, 403", "FAIL, 500", "BUSY, 503"})
  void refusalsAreAnsweredWithTheirStatus(ProxyMode mode, int status) throws Exception {
    proxy.set(mode);

    assertThat(get().statusCode()).isEqualTo(status);
  }

  @Test
  void refusedConnectionsAreClosed() {
    proxy.set(ProxyMode.REFUSE);

    assertThatExceptionOfType(IOException.class).isThrownBy(this::get);
  }

  @Test
  void someBodiesHaveOneChangedByte() {
    proxy.set(ProxyMode.FLIP);

    await().untilAsserted(() -> assertThat(get().body()).hasSameSizeAs(BODY).isNotEqualTo(BODY));
  }

  @Test
  void someResponsesAreCut() {
    proxy.set(ProxyMode.CUT);

    await().untilAsserted(() -> assertThatExceptionOfType(IOException.class).isThrownBy(this::get));
  }

  @Test
  void allIsWellAfterAFault() throws Exception {
    proxy.set(ProxyMode.DENY);
    proxy.set(ProxyMode.PASS);

    assertThat(get().body()).isEqualTo(BODY);
  }
}
