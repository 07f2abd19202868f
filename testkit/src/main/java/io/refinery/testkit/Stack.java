package io.refinery.testkit;

import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;

/**
 * A broker and an object store for one test class, which uses unique names on them.
 *
 * @param bootstrapServers Kafka's addresses, {@code host:port} separated by commas
 * @param prefix unique to this class and run; topics, groups and buckets with this prefix belong to
 *     this class. Lower-case letters, digits and hyphens
 */
public record Stack(
    String bootstrapServers, URI s3Endpoint, String accessKey, String secretKey, String prefix) {

  /**
   * Returns the properties of Kafka clients. Their fetches are short, because a client that closes
   * waits for the end of its last one.
   */
  public Map<String, Object> kafkaProperties() {
    return Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", 50);
  }

  /** Returns the name of a topic or group of this class. */
  public String name(String name) {
    return prefix + "-" + name;
  }

  /** Returns the name of this class's bucket, which {@link #storage()} creates. */
  public String bucket() {
    return prefix;
  }

  /** Returns whether the object store is MinIO's own server, wherever it runs. */
  public boolean isMinio() {
    try {
      HttpURLConnection health =
          (HttpURLConnection) s3Endpoint.resolve("/minio/health/live").toURL().openConnection();
      return health.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public StorageConfig storageConfig() {
    return new StorageConfig(s3Endpoint, StorageConfig.DEFAULT_REGION, accessKey, secretKey);
  }

  /**
   * Returns a new client for the object store, which the test closes. Creates {@link #bucket()} if
   * needed.
   */
  public ObjectStorage storage() {
    ObjectStorage storage = new MinioStorage(storageConfig());
    storage.ensureBucket(bucket());
    return storage;
  }
}
