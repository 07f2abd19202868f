package io.refinery.broker;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;

/** Checks that a broker can serve a share group, and reads the group's state. */
public final class BrokerCheck {

  private static final String SHARE_GROUPS = "share.version";

  /** A broker that does not answer for this long at startup counts as unreachable. */
  private static final int ANSWER_MS = 10_000;

  private final Admin admin;
  private final BrokerConfig broker;
  private final ShareGroup group;

  /**
   * @param admin not closed by this class; the caller closes it
   */
  public BrokerCheck(Admin admin, BrokerConfig broker, ShareGroup group) {
    this.admin = admin;
    this.broker = broker;
    this.group = group;
  }

  /**
   * Checks that the broker has share groups, creates missing topics and configures the group.
   *
   * @throws BrokerException when the broker cannot be used
   */
  public void prepare() {
    requireShareGroups();
    try {
      TopicSetup setup = new TopicSetup(admin, broker.topics());
      setup.ensureTopics(broker.jobPartitions(), broker.replication());
      setup.configureShareGroup(group.name(), group.lock(), group.deliveries());
    } catch (IllegalStateException e) {
      throw new BrokerException(e.getMessage(), e);
    }
  }

  static void requireShareGroups(Map<String, FinalizedVersionRange> features, Object address) {
    FinalizedVersionRange share = features.get(SHARE_GROUPS);
    if (share == null || share.maxVersionLevel() < 1) {
      throw new BrokerException(
          "The broker at %s has no share groups (feature %s); Refinery needs Apache Kafka 4.2 or later"
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
          broker.address());
    } catch (ExecutionException e) {
      throw new BrokerException(
          "Cannot query the features of the broker at %s: %s"
              .formatted(broker.address(), e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while waiting for the broker", e);
    }
  }

  /** Returns the number of a topic's partitions. */
  int partitions(String topic) {
    try {
      return admin
          .describeTopics(List.of(topic))
          .topicNameValues()
          .get(topic)
          .get()
          .partitions()
          .size();
    } catch (ExecutionException e) {
      throw new BrokerException(
          "Cannot describe the topic %s at %s: %s"
              .formatted(topic, broker.address(), e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while waiting for the broker", e);
    }
  }

  /**
   * Returns the number of records that the group has not finished, in all partitions that report
   * it.
   */
  public long lag() throws ExecutionException, InterruptedException {
    Map<?, SharePartitionOffsetInfo> partitions =
        admin
            .listShareGroupOffsets(Map.of(group.name(), new ListShareGroupOffsetsSpec()))
            .partitionsToOffsetInfo(group.name())
            .get();
    return partitions.values().stream()
        .filter(Objects::nonNull)
        .mapToLong(partition -> partition.lag().orElse(0L))
        .sum();
  }
}
