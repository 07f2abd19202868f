package io.refinery.console.config;

import io.refinery.trainer.gate.GateSettings;

/** The gate that the settings ask for. */
public final class GateFactory {

  private GateFactory() {}

  /**
   * @throws ConfigurationException naming the setting that no gate can have
   */
  public static GateSettings of(Settings.Trainer.Gate gate) {
    try {
      return new GateSettings(gate.channel(), gate.maxLabelShift(), gate.betterDistance());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("refinery.trainer.gate: " + e.getMessage(), e);
    }
  }
}
