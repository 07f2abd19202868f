package io.refinery.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** Where the servers of a {@link Stack} run. */
enum StackKind {
  EMBEDDED,
  MINIO,
  CONTAINERS,
  EXTERNAL;

  /**
   * Parses the kinds to run on.
   *
   * @param name value of the system property {@code stack}
   * @throws IllegalArgumentException listing the valid values
   */
  static List<StackKind> parse(String name) {
    return switch (name) {
      case "embedded" -> List.of(EMBEDDED);
      case "minio" -> List.of(MINIO);
      case "containers" -> List.of(CONTAINERS);
      case "external" -> List.of(EXTERNAL);
      case "all" -> List.of(values());
      default ->
          throw new IllegalArgumentException(
              "-Dstack must be embedded, minio, containers, external or all, not '" + name + "'");
    };
  }

  /** Returns what is missing on this machine to run this kind; empty if nothing. */
  Optional<String> missing() {
    return switch (this) {
      case EMBEDDED -> Optional.empty();
      case MINIO -> MinioServers.missing();
      case CONTAINERS ->
          DockerClientFactory.instance().isDockerAvailable()
              ? Optional.empty()
              : Optional.of("Testcontainers cannot reach Docker");
      case EXTERNAL -> ExternalServers.missing();
    };
  }

  Servers start() {
    return switch (this) {
      case EMBEDDED -> ChildServers.start();
      case MINIO -> MinioServers.start();
      case CONTAINERS -> ContainerServers.start();
      case EXTERNAL -> ExternalServers.configured();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
