package io.refinery.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** Where the servers of a {@link Stack} run. */
enum StackKind {
  EMBEDDED,
  CONTAINERS,
  EXTERNAL;

  /**
   * @param name value of the system property {@code stack}
   * @throws IllegalArgumentException naming the values that there are
   */
  static List<StackKind> parse(String name) {
    return switch (name) {
      case "embedded" -> List.of(EMBEDDED);
      case "containers" -> List.of(CONTAINERS);
      case "external" -> List.of(EXTERNAL);
      case "all" -> List.of(values());
      default ->
          throw new IllegalArgumentException(
              "-Dstack is embedded, containers, external or all, not '" + name + "'");
    };
  }

  /** What this machine lacks to run it, if it lacks anything. */
  Optional<String> missing() {
    return switch (this) {
      case EMBEDDED -> Optional.empty();
      case CONTAINERS ->
          DockerClientFactory.instance().isDockerAvailable()
              ? Optional.empty()
              : Optional.of("there is no Docker here that Testcontainers can reach");
      case EXTERNAL -> ExternalServers.missing();
    };
  }

  Servers start() {
    return switch (this) {
      case EMBEDDED -> ChildServers.start();
      case CONTAINERS -> ContainerServers.start();
      case EXTERNAL -> ExternalServers.configured();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
