package io.refinery.worker;

import io.refinery.message.TopicSetup;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;

/** What a worker asks of the broker besides jobs. */
final class BrokerCheck {

  private static final String SHARE_GROUPS = "share.version";

  /** A broker that says nothing for so long at the start is not there. */
  private static final int ANSWER_MS = 10_000;

  private final Admin admin;
  private final WorkerConfig config;

  BrokerCheck(Admin admin, WorkerConfig config) {
    this.admin = admin;
    this.config = config;
  }

  /**
   * Makes sure of share groups, topics and the group's settings.
   *
   * @throws WorkerException when this broker cannot be worked with
   */
  void prepare() {
    requireShareGroups();
    WorkerConfig.Broker broker = config.broker();
    WorkerConfig.Delivery delivery = config.delivery();
    try {
      TopicSetup setup = new TopicSetup(admin, broker.topics());
      setup.ensureTopics(broker.jobPartitions(), broker.replication());
      setup.configureShareGroup(delivery.group(), delivery.lock(), delivery.deliveries());
    } catch (IllegalStateException e) {
      throw new WorkerException(e.getMessage(), e);
    }
  }

  static void requireShareGroups(Map<String, FinalizedVersionRange> features, Object address) {
    FinalizedVersionRange share = features.get(SHARE_GROUPS);
    if (share == null || share.maxVersionLevel() < 1) {
      throw new WorkerException(
          "The broker at %s has no share groups (feature %s): Refinery needs Apache Kafka 4.2 or later"
              .formatted(address, SHARE_GROUPS));
    }
  }

  private void requireShareGroups() {
    try {
      requireShareGroups(
          admin
              .describeFeatures(new DescribeFeaturesOptions().timeoutMs(ANSWER_MS))
              .featureMetadata()
              .get()
              .finalizedFeatures(),
          address());
    } catch (ExecutionException e) {
      throw new WorkerException(
          "The broker at %s cannot be asked what it can do: %s"
              .formatted(address(), e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkerException("Interrupted while waiting for the broker", e);
    }
  }

  private Object address() {
    return config.broker().properties().get("bootstrap.servers");
  }

  /** Jobs that the group has not finished yet, in all partitions of which the broker knows. */
  long lag() throws ExecutionException, InterruptedException {
    String group = config.delivery().group();
    Map<?, SharePartitionOffsetInfo> partitions =
        admin
            .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
            .partitionsToOffsetInfo(group)
            .get();
    return partitions.values().stream()
        .filter(Objects::nonNull)
        .mapToLong(partition -> partition.lag().orElse(0L))
        .sum();
  }
}
