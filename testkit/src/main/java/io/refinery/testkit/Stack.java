package io.refinery.testkit;

import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import java.net.URI;

/**
 * A broker and an object store for one test class, which has names of its own on them.
 *
 * @param bootstrapServers of Kafka, {@code host:port} separated by commas
 * @param prefix unlike every other class's and run's; what begins with it is this class's: topics,
 *     groups, buckets. Small letters, digits and hyphens.
 */
public record Stack(
    String bootstrapServers, URI s3Endpoint, String accessKey, String secretKey, String prefix) {

  /** The name of a topic or group of this class. */
  public String name(String name) {
    return prefix + "-" + name;
  }

  /** The name of this class's bucket; the bucket is there after {@link #storage()} was called. */
  public String bucket() {
    return prefix;
  }

  public StorageConfig storageConfig() {
    return new StorageConfig(s3Endpoint, StorageConfig.DEFAULT_REGION, accessKey, secretKey);
  }

  /** A new client for the object store, which the test closes; makes sure of {@link #bucket()}. */
  public ObjectStorage storage() {
    ObjectStorage storage = new MinioStorage(storageConfig());
    storage.ensureBucket(bucket());
    return storage;
  }
}
