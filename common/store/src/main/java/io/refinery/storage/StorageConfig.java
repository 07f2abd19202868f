package io.refinery.storage;

import java.net.URI;

/**
 * How an S3 service is reached.
 *
 * @param endpoint scheme, host and port, such as {@code http://127.0.0.1:9000}
 * @param region what requests are signed for; most services but AWS take any
 * @param accessKey of the account
 * @param secretKey of the account
 */
public record StorageConfig(URI endpoint, String region, String accessKey, String secretKey) {

  public static final String DEFAULT_REGION = "us-east-1";

  public StorageConfig {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "'" + endpoint + "' is no S3 endpoint: http://host:port or https://host");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "StorageConfig[" + endpoint + ", " + region + ", " + accessKey + "]";
  }
}
