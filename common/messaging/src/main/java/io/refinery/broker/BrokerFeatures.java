package io.refinery.broker;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.FeatureMetadata;

/**
 * The features of a broker.
 *
 * @param enabled the level of each feature in use
 * @param supported the highest level of each feature that the broker's program knows
 */
record BrokerFeatures(Map<String, Integer> enabled, Map<String, Integer> supported) {

  private static final String SHARE_GROUPS = "share.version";
  private static final String METADATA = "metadata.version";

  /** The first level of Kafka 4.2; share groups of Kafka 4.1 cannot renew a lock. */
  private static final int KAFKA_4_2 = 28;

  /** Kafka 4.4 has it, if it is enabled. */
  private static final int KEEPS_UNDELIVERED = 2;

  static BrokerFeatures of(FeatureMetadata features) {
    return new BrokerFeatures(
        features.finalizedFeatures().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, one -> (int) one.getValue().maxVersionLevel())),
        features.supportedFeatures().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, one -> (int) one.getValue().maxVersion())));
  }

  /**
   * Returns whether the broker has share groups that can renew a lock.
   *
   * @param address the broker's address for messages
   * @throws BrokerException when it has them and they are not enabled
   */
  boolean hasShareGroups(Object address) {
    boolean recent = supported.getOrDefault(METADATA, KAFKA_4_2) >= KAFKA_4_2;
    boolean isEnabled = recent && enabled.getOrDefault(SHARE_GROUPS, 0) >= 1;
    if (recent && !isEnabled && supported.getOrDefault(SHARE_GROUPS, 0) >= 1) {
      throw new BrokerException(
          "Share groups are not enabled on the broker at %1$s: run kafka-features.sh --bootstrap-server %1$s upgrade --feature %2$s=1"
              .formatted(address, SHARE_GROUPS));
    }
    return isEnabled;
  }

  /** Returns whether the broker can keep the records that share groups have not delivered. */
  boolean keepsUndelivered() {
    return enabled.getOrDefault(SHARE_GROUPS, 0) >= KEEPS_UNDELIVERED;
  }
}
