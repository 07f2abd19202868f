package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetiredPropertiesTest {

  private static final String RETIRED = "refinery.torch.graphs";

  @Test
  void aRetiredSystemPropertyIsRefusedWithTheSettingThatReplacesIt() {
    System.setProperty(RETIRED, "true");
    try {
      assertThatThrownBy(() -> Configuration.load(Map.of(), Optional.empty(), Map.of(), Map.of()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "The system property refinery.torch.graphs has no effect any more: remove it and use"
                  + " the setting refinery.engines.torch.cuda-graphs.");
    } finally {
      System.clearProperty(RETIRED);
    }
  }

  @Test
  void everyRetiredPropertyIsReplacedByASettingThatExists() {
    SettingNames names = new SettingNames();
    assertThat(RetiredProperties.settings().values()).isNotEmpty().allMatch(names::isKnown);
  }

  @Test
  void otherSystemPropertiesAreAccepted() {
    List<String> others = List.of("refinery.engines.home", "refinery.torch.test.device", "a.b");
    assertThatCode(() -> RetiredProperties.requireNone(others)).doesNotThrowAnyException();
  }
}
