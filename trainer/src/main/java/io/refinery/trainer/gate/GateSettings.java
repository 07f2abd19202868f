package io.refinery.trainer.gate;

import io.refinery.registry.ModelReference;
import java.util.Optional;

/**
 * The criteria that a new version must meet before a channel moves to it automatically. The gate is
 * off unless a criterion is set.
 *
 * @param channel that the gate moves, such as {@code stable}
 * @param maxLabelShift maximum shift of labelled points, in pixels, 0 or more; empty for no limit
 * @param betterDistance whether refined images must be closer to real ones than those of the
 *     version that the channel points to
 */
public record GateSettings(String channel, Optional<Double> maxLabelShift, boolean betterDistance) {

  /** No gate: only people move channels other than {@code latest}. */
  public static final GateSettings OFF =
      new GateSettings(ModelReference.DEFAULT_CHANNEL, Optional.empty(), false);

  public GateSettings {
    ModelReference.requireName(channel);
    if (channel.equals(ModelReference.LATEST_CHANNEL)) {
      throw new IllegalArgumentException(
          "The gate's channel must not be latest, which every publication moves");
    }
    maxLabelShift.ifPresent(
        pixels -> {
          if (!(pixels >= 0) || Double.isInfinite(pixels)) {
            throw new IllegalArgumentException(
                "The maximum label shift must be 0 pixels or more, not " + pixels);
          }
        });
  }

  public boolean isOn() {
    return maxLabelShift.isPresent() || betterDistance;
  }
}
