package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.trainer.gate.GateSettings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateFactoryTest {

  private static Settings.Trainer.Gate settings(Map<String, String> flags) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), flags)
        .settings()
        .trainer()
        .gate();
  }

  @Test
  void withoutSettingsThereIsNoGate() {
    assertThat(GateFactory.of(settings(Map.of()))).isEqualTo(GateSettings.OFF);
  }

  @Test
  void everySettingReachesTheGate() {
    Settings.Trainer.Gate gate =
        settings(
            Map.of(
                "refinery.trainer.gate.channel", "night",
                "refinery.trainer.gate.max-label-shift", "0.75",
                "refinery.trainer.gate.better-distance", "true"));

    assertThat(GateFactory.of(gate)).isEqualTo(new GateSettings("night", Optional.of(0.75), true));
  }

  @Test
  void aGateThatCannotBeIsRefusedByName() {
    Settings.Trainer.Gate gate = settings(Map.of("refinery.trainer.gate.channel", "latest"));

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> GateFactory.of(gate))
        .withMessageContainingAll("refinery.trainer.gate", "latest");
  }
}
