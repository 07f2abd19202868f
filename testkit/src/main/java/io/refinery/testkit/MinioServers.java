package io.refinery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The embedded broker, and MinIO's own server as the object store. */
final class MinioServers implements Servers {

  private static final String PROGRAM = "minio";
  private static final String USER = "refinery";
  private static final int READY = 200;
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 30;

  /**
   * Runs a program until the standard input ends, so that it ends with this process, even if that
   * is killed.
   */
  private static final String UNTIL_END_OF_INPUT =
      "\"$@\" & program=$!; cat > /dev/null; kill -9 $program";

  private final ChildServers kafka;
  private final Process minio;
  private final URI endpoint;
  private final String secret;
  private final Path data;

  private MinioServers(ChildServers kafka, Process minio, URI endpoint, String secret, Path data) {
    this.kafka = kafka;
    this.minio = minio;
    this.endpoint = endpoint;
    this.secret = secret;
    this.data = data;
  }

  /** Returns what is missing to start these servers; empty if nothing. */
  static Optional<String> missing() {
    String program = System.getProperty(PROGRAM, "");
    if (program.isEmpty()) {
      return Optional.of("-D" + PROGRAM + " does not name MinIO's server; .ci/minio builds it");
    }
    return Files.isExecutable(Path.of(program))
        ? Optional.empty()
        : Optional.of("-D" + PROGRAM + "=" + program + " is not a program");
  }

  static MinioServers start() {
    ChildServers kafka = ChildServers.start();
    try {
      return start(kafka);
    } catch (IOException e) {
      kafka.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private static MinioServers start(ChildServers kafka) throws IOException {
    Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
    Path data = Files.createTempDirectory(target, "minio");
    String address = "127.0.0.1:" + freePort();
    String secret = UUID.randomUUID().toString();
    ProcessBuilder program =
        new ProcessBuilder(
            "sh",
            "-c",
            UNTIL_END_OF_INPUT,
            "sh",
            System.getProperty(PROGRAM),
            "server",
            "--quiet",
            "--address",
            address,
            data.resolve("objects").toString());
    program
        .environment()
        .putAll(
            Map.of(
                "MINIO_ROOT_USER",
                USER,
                "MINIO_ROOT_PASSWORD",
                secret,
                "MINIO_BROWSER",
                "off",
                "MINIO_UPDATE",
                "off",
                "HOME",
                data.toString()));
    Path log = data.resolve("minio.log");
    Process minio = program.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    URI endpoint = URI.create("http://" + address);
    MinioServers servers = new MinioServers(kafka, minio, endpoint, secret, data);
    try {
      Awaitility.await()
          .atMost(START_SECONDS, TimeUnit.SECONDS)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> status(endpoint.resolve("/minio/health/ready")) == READY);
      return servers;
    } catch (RuntimeException e) {
      String said = Files.readString(log);
      servers.stop();
      throw new IllegalStateException("MinIO does not start: " + said, e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int status(URI page) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public URI s3Endpoint() {
    return endpoint;
  }

  @Override
  public String accessKey() {
    return USER;
  }

  @Override
  public String secretKey() {
    return secret;
  }

  @Override
  public void close() {
    stop();
    kafka.close();
  }

  private void stop() {
    try {
      minio.getOutputStream().close();
      if (!minio.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        minio.destroyForcibly();
      }
      Folders.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
