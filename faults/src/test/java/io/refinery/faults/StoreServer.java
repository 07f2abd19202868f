package io.refinery.faults;

import io.refinery.embedded.EmbeddedServers;
import java.net.URI;
import java.nio.file.Path;

/** The S3 server, which can be killed and restarted. The broker beside it is not used. */
final class StoreServer implements AutoCloseable {

  private final Path home;
  private final Path data;
  private EmbeddedServers servers;

  private StoreServer(Path home, Path data, EmbeddedServers servers) {
    this.home = home;
    this.data = data;
    this.servers = servers;
  }

  static StoreServer start(Path home, Path data) {
    return new StoreServer(home, data, EmbeddedServers.start(home, data));
  }

  synchronized URI endpoint() {
    return servers.s3Endpoint();
  }

  synchronized String accessKey() {
    return servers.accessKey();
  }

  synchronized String secretKey() {
    return servers.secretKey();
  }

  /** Ends it like {@code kill -9}. */
  synchronized void kill() {
    Signals.kill(servers.pid());
    servers.onExit().join();
  }

  /** Starts it on the same data. */
  synchronized void restart() {
    servers = EmbeddedServers.start(home, data);
  }

  @Override
  public synchronized void close() {
    servers.close();
  }
}
