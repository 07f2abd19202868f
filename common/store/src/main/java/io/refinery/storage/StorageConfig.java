package io.refinery.storage;

import java.net.URI;

/**
 * The connection settings of an S3 service.
 *
 * @param endpoint scheme, host and port, such as {@code http://127.0.0.1:9000}
 * @param region the region that requests are signed for; most services other than AWS accept any
 * @param accessKey the account's access key
 * @param secretKey the account's secret key
 */
public record StorageConfig(URI endpoint, String region, String accessKey, String secretKey) {

  public static final String DEFAULT_REGION = "us-east-1";

  public StorageConfig {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "'" + endpoint + "' is not an S3 endpoint; use http://host:port or https://host");
    }
  }

  /** Omits the secret key. */
  @Override
  public String toString() {
    return "StorageConfig[" + endpoint + ", " + region + ", " + accessKey + "]";
  }
}
