package io.refinery.trainer.gate;

import io.refinery.registry.ModelReference;
import java.util.Optional;

/**
 * What a new version must show before a channel moves to it by itself. The gate is off unless one
 * criterion is set.
 *
 * @param channel that the gate moves, such as {@code stable}
 * @param maxLabelShift by how much labels may shift at most, in pixels, 0 or more; empty to ask for
 *     nothing
 * @param betterDistance whether refined images must be nearer to real ones than those of the
 *     version that the channel points to
 */
public record GateSettings(String channel, Optional<Double> maxLabelShift, boolean betterDistance) {

  /** No gate: channels but {@code latest} move by people alone. */
  public static final GateSettings OFF =
      new GateSettings(ModelReference.DEFAULT_CHANNEL, Optional.empty(), false);

  public GateSettings {
    ModelReference.requireName(channel);
    if (channel.equals(ModelReference.LATEST_CHANNEL)) {
      throw new IllegalArgumentException(
          "The gate's channel is another than latest, which every publication moves");
    }
    maxLabelShift.ifPresent(
        pixels -> {
          if (!(pixels >= 0) || Double.isInfinite(pixels)) {
            throw new IllegalArgumentException(
                "Labels may shift by 0 pixels or more, not " + pixels);
          }
        });
  }

  public boolean isOn() {
    return maxLabelShift.isPresent() || betterDistance;
  }
}
