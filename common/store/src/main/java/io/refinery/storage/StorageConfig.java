package io.refinery.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The connection settings of an S3 service.
 *
 * @param endpoint scheme, host and port, such as {@code http://127.0.0.1:9000}
 * @param region the region that requests are signed for; most services other than AWS accept any
 * @param credentials the account's keys
 * @param certificates PEM file of the only certificates that the service's may be issued by, if it
 *     is reached by https; empty for those that the Java runtime trusts
 */
public record StorageConfig(
    URI endpoint, String region, StorageCredentials credentials, Optional<Path> certificates) {

  public static final String DEFAULT_REGION = "us-east-1";

  public StorageConfig {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "'" + endpoint + "' is not an S3 endpoint; use http://host:port or https://host");
    }
  }

  /** Returns settings with keys that never change. */
  public StorageConfig(URI endpoint, String region, String accessKey, String secretKey) {
    this(endpoint, region, StorageCredentials.of(accessKey, secretKey), Optional.empty());
  }

  /** Omits the secret key. */
  @Override
  public String toString() {
    return "StorageConfig[" + endpoint + ", " + region + ", " + credentials + "]";
  }
}
