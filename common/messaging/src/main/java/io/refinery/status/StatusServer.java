package io.refinery.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.refinery.json.Json;
import io.refinery.status.ExchangePool.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server for {@code /metrics} in the Prometheus format, and for {@code /health}, {@code
 * /live} and {@code /ready} as JSON, each with status 503 when it is down, and for further pages of
 * the service. Slow clients and half-open requests do not block others: see {@link ExchangePool}.
 */
public final class StatusServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StatusServer.class);

  private static final int BACKLOG = 64;
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private record Page(int status, String type, String text) {}

  private final Map<String, Supplier<Page>> pages = new TreeMap<>();
  private final ExchangePool threads = new ExchangePool();
  private final HttpServer server;

  /**
   * Starts the server.
   *
   * @param address the address of one interface, or the wildcard for all; port 0 for any free port
   * @throws UncheckedIOException when the address and port cannot be bound
   */
  public StatusServer(InetSocketAddress address, StatusPages served) {
    pages.put("/metrics", () -> new Page(200, METRICS, served.metrics().get()));
    pages.put("/health", () -> page(served.health().get()));
    pages.put("/live", () -> page(served.live().get()));
    pages.put("/ready", () -> page(served.ready().get()));
    served.more().forEach((path, answer) -> pages.put(path, () -> page(answer.get())));
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot serve metrics on %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), e),
          e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Returns the address to serve on, from settings.
   *
   * @param host name or address of an interface: {@code 127.0.0.1} for this machine alone, {@code
   *     0.0.0.0} for all interfaces
   * @param port 1 to 65535, or 0 for no server
   * @return empty for no server
   * @throws IllegalArgumentException saying which of the two is not valid
   */
  public static Optional<InetSocketAddress> address(String host, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("A port must be 0 to 65535, not " + port);
    }
    if (port == 0) {
      return Optional.empty();
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("status-address '" + host + "' is not a known address");
    }
    return Optional.of(address);
  }

  private static Page page(Health health) {
    try {
      String json = Json.mapper().writeValueAsString(health);
      return new Page(health.status() == Status.DOWN ? 503 : 200, JSON, json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the address that the server listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      threads.enter(Phase.ANSWERING);
      Page page = page(exchange);
      threads.enter(Phase.WRITING);
      send(page, exchange);
      // Closing reads what is left of the request.
      threads.enter(Phase.READING);
    }
  }

  private static void send(Page page, HttpExchange exchange) throws IOException {
    byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", page.type());
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(page.status(), -1);
    } else {
      exchange.sendResponseHeaders(page.status(), body.length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
  }

  private Page page(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Supplier<Page> page = pages.get(path);
    if (page == null) {
      return new Page(404, TEXT, "Use one of " + String.join(", ", pages.keySet()) + ".\n");
    }
    if (!METHODS.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return new Page(405, TEXT, path + " accepts only GET and HEAD.\n");
    }
    try {
      return page.get();
    } catch (RuntimeException | Error e) {
      log.error("Cannot serve {}", path, e);
      return new Page(500, TEXT, path + " failed; see the log.\n");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
