package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerCheckTest {

  @Test
  void aBrokerWithoutShareGroupsIsRefusedInOneSentence() {
    assertThatThrownBy(() -> BrokerCheck.requireShareGroups(Map.of(), "broker:9092"))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("broker:9092")
        .hasMessageContaining("share groups")
        .hasMessageContaining("4.2");
  }
}
