package io.refinery.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.refinery.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** {@code /metrics} for Prometheus and {@code /health} as JSON, 503 when the service is down. */
public final class StatusServer implements AutoCloseable {

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  /**
   * @param port of every address of this machine, 0 for any free one
   * @throws UncheckedIOException when the port cannot be had
   */
  public StatusServer(int port, Supplier<String> metrics, Supplier<? extends Health> health) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Metrics cannot be served on port " + port + ": " + e.getMessage(), e);
    }
    server.createContext(
        "/metrics", exchange -> answer(exchange, 200, METRICS_TYPE, metrics.get()));
    server.createContext(
        "/health",
        exchange -> {
          Health now = health.get();
          String json = Json.mapper().writeValueAsString(now);
          int status = now.status() == Status.DOWN ? 503 : 200;
          answer(exchange, status, "application/json", json);
        });
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
