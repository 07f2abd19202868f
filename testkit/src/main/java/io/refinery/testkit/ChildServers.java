package io.refinery.testkit;

import io.refinery.embedded.EmbeddedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The embedded servers on their own data folder, which is deleted with them. */
final class ChildServers implements Servers {

  private static final String HOME = "refinery.embedded.home";

  private final EmbeddedServers servers;
  private final Path data;

  private ChildServers(EmbeddedServers servers, Path data) {
    this.servers = servers;
    this.data = data;
  }

  static ChildServers start() {
    String home = System.getProperty(HOME);
    if (home == null) {
      throw new IllegalStateException(
          "The system property "
              + HOME
              + " must point to embedded/target, as Maven's Failsafe sets it");
    }
    try {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      Path data = Files.createTempDirectory(target, "stack");
      return new ChildServers(EmbeddedServers.start(Path.of(home), data), data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String bootstrapServers() {
    return servers.bootstrapServers();
  }

  @Override
  public URI s3Endpoint() {
    return servers.s3Endpoint();
  }

  @Override
  public String accessKey() {
    return servers.accessKey();
  }

  @Override
  public String secretKey() {
    return servers.secretKey();
  }

  @Override
  public void close() {
    servers.close();
    try {
      Folders.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
