package io.refinery.testkit;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Servers that are already running and that the tests do not stop. */
record ExternalServers(String bootstrapServers, URI s3Endpoint, String accessKey, String secretKey)
    implements Servers {

  private static final String BOOTSTRAP_SERVERS = "stack.bootstrap.servers";
  private static final String S3_ENDPOINT = "stack.s3.endpoint";
  private static final String ACCESS_KEY = "stack.s3.access.key";
  private static final String SECRET_KEY = "stack.s3.secret.key";

  static Optional<String> missing() {
    String missing =
        List.of(BOOTSTRAP_SERVERS, S3_ENDPOINT, ACCESS_KEY, SECRET_KEY).stream()
            .filter(property -> value(property).isEmpty())
            .map(property -> "-D" + property + " or " + environmentName(property))
            .collect(Collectors.joining(", "));
    return missing.isEmpty() ? Optional.empty() : Optional.of("not configured: set " + missing);
  }

  /** Returns the configured servers; call only if {@link #missing} is empty. */
  static ExternalServers configured() {
    return new ExternalServers(
        value(BOOTSTRAP_SERVERS).orElseThrow(),
        URI.create(value(S3_ENDPOINT).orElseThrow()),
        value(ACCESS_KEY).orElseThrow(),
        value(SECRET_KEY).orElseThrow());
  }

  private static Optional<String> value(String property) {
    return Optional.ofNullable(System.getProperty(property))
        .or(() -> Optional.ofNullable(System.getenv(environmentName(property))));
  }

  private static String environmentName(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  @Override
  public void close() {
    // Not ours to stop.
  }
}
