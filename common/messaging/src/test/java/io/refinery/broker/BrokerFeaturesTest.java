package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerFeaturesTest {

  private static final String ADDRESS = "broker:9092";

  @Test
  void aBrokerWithoutShareGroupsIsRefusedInOneSentence() {
    refused(new BrokerFeatures(Map.of(), Map.of()), "has no share groups", "4.2");
  }

  @Test
  void aPreviewOfShareGroupsIsRefusedBecauseItCannotRenewLocks() {
    refused(
        new BrokerFeatures(
            Map.of("share.version", 1, "metadata.version", 27),
            Map.of("share.version", 1, "metadata.version", 27)),
        "has no share groups",
        "4.2");
  }

  @Test
  void aNewBrokerOnWhichShareGroupsAreNotEnabledIsRefusedWithTheCommandThatEnablesThem() {
    refused(
        new BrokerFeatures(
            Map.of("metadata.version", 25), Map.of("share.version", 2, "metadata.version", 31)),
        "kafka-features.sh --bootstrap-server broker:9092 upgrade --feature share.version=1");
  }

  @Test
  void aBrokerWithShareGroupsIsAccepted() {
    BrokerFeatures features =
        new BrokerFeatures(
            Map.of("share.version", 1, "metadata.version", 29),
            Map.of("share.version", 1, "metadata.version", 29));
    assertThatNoException().isThrownBy(() -> features.requireShareGroups(ADDRESS));
  }

  @Test
  void aServiceThatKeepsItsMetadataVersionToItselfIsAccepted() {
    BrokerFeatures features = new BrokerFeatures(Map.of("share.version", 1), Map.of());
    assertThatNoException().isThrownBy(() -> features.requireShareGroups(ADDRESS));
  }

  private static void refused(BrokerFeatures features, String... words) {
    assertThatExceptionOfType(BrokerException.class)
        .isThrownBy(() -> features.requireShareGroups(ADDRESS))
        .withMessageContaining(ADDRESS)
        .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.getMessage()).contains(words));
  }
}
