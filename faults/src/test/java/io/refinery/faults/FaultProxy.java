package io.refinery.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A proxy in front of an S3 server. It copies bytes, so requests keep the headers that they are
 * signed with, and does harm as its mode says.
 */
final class FaultProxy implements AutoCloseable {

  private static final int LONGEST_DELAY_MILLIS = 1500;
  private static final int BUFFER = 1 << 14;
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final ServerSocket server;
  private final Supplier<URI> target;
  private final Random random;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile ProxyMode mode = ProxyMode.PASS;

  private FaultProxy(ServerSocket server, Supplier<URI> target, long seed) {
    this.server = server;
    this.target = target;
    this.random = new Random(seed);
  }

  /**
   * Starts a proxy that changes nothing.
   *
   * @param target the server, asked for with every connection
   * @param seed of the choice of what is delayed, cut or changed
   */
  static FaultProxy start(Supplier<URI> target, long seed) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    FaultProxy proxy = new FaultProxy(server, target, seed);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Changes the mode. Open connections are closed, so that it holds for every request. */
  void set(ProxyMode next) {
    mode = next;
    open.forEach(FaultProxy::closeQuietly);
    open.clear();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket client = server.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    ProxyMode now = mode;
    try {
      switch (now) {
        case REFUSE -> closeQuietly(client);
        case HANG -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
        case DENY -> answer(client, "403 Forbidden", "AccessDenied");
        case FAIL -> answer(client, "500 Internal Server Error", "InternalError");
        case BUSY -> answer(client, "503 Service Unavailable", "SlowDown");
        case FULL -> refuseWrites(client);
        case PASS, DELAY, CUT, FLIP -> forward(client, now);
      }
    } catch (IOException e) {
      closeQuietly(client);
    } finally {
      if (client.isClosed()) {
        open.remove(client);
      }
    }
  }

  private void forward(Socket client, ProxyMode now) throws IOException {
    URI to = target.get();
    Socket plain = new Socket(to.getHost(), to.getPort());
    plain.setTcpNoDelay(true);
    client.setTcpNoDelay(true);
    open.add(plain);
    threads.execute(() -> pump(plain, client, now));
    pump(client, plain, ProxyMode.PASS);
    open.remove(plain);
  }

  /** Serves one request, so that the next one is looked at, too. */
  private void refuseWrites(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    String head = head(in);
    if (head.startsWith("PUT ") || head.startsWith("POST ")) {
      answer(client, head, "507 Insufficient Storage", "XMinioStorageFull");
      return;
    }
    URI to = target.get();
    Socket plain = new Socket(to.getHost(), to.getPort());
    open.add(plain);
    // Signatures do not cover this header.
    String once = head.substring(0, head.length() - 2) + "Connection: close" + END_OF_HEAD;
    plain.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
    pump(plain, client, ProxyMode.PASS);
    open.remove(plain);
  }

  private void pump(Socket from, Socket to, ProxyMode harm) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int forwarded = harm(harm, buffer, read);
        out.write(buffer, 0, forwarded);
        out.flush();
        if (forwarded < read) {
          return;
        }
      }
    } catch (IOException e) {
      // The other side has closed, or the mode has changed.
    }
  }

  /** Returns how many of the bytes to forward; if not all, the connection ends with them. */
  private int harm(ProxyMode harm, byte[] buffer, int read) {
    switch (harm) {
      case DELAY -> {
        if (chance(3)) {
          hold(between(LONGEST_DELAY_MILLIS));
        }
        return read;
      }
      case CUT -> {
        return chance(4) ? between(read) : read;
      }
      case FLIP -> {
        int body = body(buffer, read);
        if (body < read && chance(4)) {
          buffer[body + between(read - body)] ^= (byte) (1 << between(8));
        }
        return read;
      }
      default -> {
        return read;
      }
    }
  }

  /** Returns where a response's body begins in what was read, or {@code read} if it has none. */
  private static int body(byte[] buffer, int read) {
    String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
    if (!text.startsWith("HTTP/")) {
      return 0;
    }
    int end = text.indexOf(END_OF_HEAD);
    return end < 0 ? read : end + END_OF_HEAD.length();
  }

  private boolean chance(int oneIn) {
    return between(oneIn) == 0;
  }

  private int between(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  private void hold(int millis) {
    try {
      boolean unused = closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one whole request and answers it as a store would. */
  private static void answer(Socket client, String status, String code) throws IOException {
    answer(client, head(client.getInputStream()), status, code);
  }

  private static void answer(Socket client, String head, String status, String code)
      throws IOException {
    try (client) {
      client.getInputStream().skipNBytes(contentLength(head));
      String body =
          head.startsWith("HEAD ")
              ? ""
              : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>A fault</Message></Error>"
                  .formatted(code);
      String answer =
          "HTTP/1.1 "
              + status
              + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + END_OF_HEAD
              + body;
      client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      client.shutdownOutput();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith(END_OF_HEAD)) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The client has closed");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static long contentLength(String head) {
    return head.lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith("content-length:"))
        .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0L);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    open.forEach(FaultProxy::closeQuietly);
    threads.shutdownNow();
  }
}
