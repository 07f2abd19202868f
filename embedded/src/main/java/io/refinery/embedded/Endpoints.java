package io.refinery.embedded;

import java.net.URI;
import java.util.Properties;

/**
 * The addresses of the servers, which listen only on the loopback interface, and the S3 server's
 * only pair of keys.
 *
 * @param bootstrapServers Kafka's addresses, {@code host:port} separated by commas, without
 *     encryption or authentication
 * @param s3Endpoint the S3 server's address; use path-style access and any region
 */
public record Endpoints(
    String bootstrapServers, URI s3Endpoint, String accessKey, String secretKey) {

  private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
  private static final String S3_ENDPOINT = "s3.endpoint";
  private static final String ACCESS_KEY = "s3.access.key";
  private static final String SECRET_KEY = "s3.secret.key";

  Properties toProperties() {
    Properties properties = new Properties();
    properties.setProperty(BOOTSTRAP_SERVERS, bootstrapServers);
    properties.setProperty(S3_ENDPOINT, s3Endpoint.toString());
    properties.setProperty(ACCESS_KEY, accessKey);
    properties.setProperty(SECRET_KEY, secretKey);
    return properties;
  }

  static Endpoints of(Properties properties) {
    return new Endpoints(
        required(properties, BOOTSTRAP_SERVERS),
        URI.create(required(properties, S3_ENDPOINT)),
        required(properties, ACCESS_KEY),
        required(properties, SECRET_KEY));
  }

  private static String required(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("The servers did not report " + name);
    }
    return value;
  }

  /** Returns the endpoints without the secret. */
  @Override
  public String toString() {
    return "Endpoints[" + bootstrapServers + ", " + s3Endpoint + ", " + accessKey + "]";
  }
}
