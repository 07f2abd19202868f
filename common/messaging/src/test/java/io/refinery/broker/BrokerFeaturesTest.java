package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerFeaturesTest {

  private static final String ADDRESS = "broker:9092";

  @Test
  void anOldBrokerHasNoShareGroups() {
    assertThat(new BrokerFeatures(Map.of(), Map.of()).hasShareGroups(ADDRESS)).isFalse();
  }

  @Test
  void aPreviewOfShareGroupsDoesNotCountBecauseItCannotRenewLocks() {
    Map<String, Integer> kafka41 = Map.of("share.version", 1, "metadata.version", 27);
    assertThat(new BrokerFeatures(kafka41, kafka41).hasShareGroups(ADDRESS)).isFalse();
  }

  @Test
  void aNewBrokerOnWhichShareGroupsAreNotEnabledIsRefusedWithTheCommandThatEnablesThem() {
    BrokerFeatures features =
        new BrokerFeatures(
            Map.of("metadata.version", 25), Map.of("share.version", 2, "metadata.version", 31));
    assertThatExceptionOfType(BrokerException.class)
        .isThrownBy(() -> features.hasShareGroups(ADDRESS))
        .withMessageContaining(
            "kafka-features.sh --bootstrap-server broker:9092 upgrade --feature share.version=1");
  }

  @Test
  void aNewBrokerHasShareGroups() {
    Map<String, Integer> kafka42 = Map.of("share.version", 1, "metadata.version", 29);
    assertThat(new BrokerFeatures(kafka42, kafka42).hasShareGroups(ADDRESS)).isTrue();
  }

  @Test
  void undeliveredRecordsAreKeptFromTheSecondLevelOn() {
    Map<String, Integer> supported = Map.of("share.version", 2, "metadata.version", 31);
    assertThat(new BrokerFeatures(Map.of("share.version", 1), supported).keepsUndelivered())
        .isFalse();
    assertThat(new BrokerFeatures(Map.of("share.version", 2), supported).keepsUndelivered())
        .isTrue();
    assertThat(new BrokerFeatures(Map.of(), supported).keepsUndelivered()).isFalse();
  }

  @Test
  void aServiceThatKeepsItsMetadataVersionToItselfMayHaveShareGroups() {
    BrokerFeatures features = new BrokerFeatures(Map.of("share.version", 1), Map.of());
    assertThat(features.hasShareGroups(ADDRESS)).isTrue();
  }
}
