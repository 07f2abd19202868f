package io.refinery.trainer.gate;

import io.refinery.registry.ChannelMover;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import java.util.Map;
import java.util.Optional;

/**
 * Moves a model's channels after a new version was published: {@code latest}, and the gate's
 * channel if the version passes. A retry after a crash makes no second move.
 */
public final class ChannelUpdater {

  private final ModelRegistry registry;
  private final ChannelMover mover;
  private final GateSettings settings;
  private final String by;

  /**
   * @param by who is recorded as having moved them, such as {@code trainer-1}
   */
  public ChannelUpdater(
      ModelRegistry registry, ChannelMover mover, GateSettings settings, String by) {
    this.registry = registry;
    this.mover = mover;
    this.settings = settings;
    this.by = by;
  }

  /**
   * Moves {@code latest} to {@code version} unless it points to a higher one, and the gate's
   * channel if the gate is on and {@code metrics} pass it.
   *
   * @return the gate's verdict; empty where it is off, or has let this version pass before
   */
  public Optional<Verdict> afterPublication(ModelVersion version, Map<String, Double> metrics) {
    advance(
        version,
        ModelReference.LATEST_CHANNEL,
        new MoveReason(MoveReason.Cause.PUBLICATION, by, "Published by a training."));
    if (!settings.isOn()) {
      return Optional.empty();
    }
    Optional<ChannelPointer> present =
        Optional.ofNullable(registry.channels(version.name()).get(settings.channel()));
    if (present.isPresent() && present.get().version() == version.number()) {
      // An earlier try moved it, and may have died before it could report the move.
      advance(version, settings.channel(), new MoveReason(MoveReason.Cause.GATE, by, ""));
      return Optional.empty();
    }
    Verdict verdict = new Gate(settings).evaluate(metrics, present.isPresent());
    if (verdict instanceof Verdict.Passed passed) {
      advance(
          version, settings.channel(), new MoveReason(MoveReason.Cause.GATE, by, passed.reason()));
    }
    return Optional.of(verdict);
  }

  private void advance(ModelVersion version, String channel, MoveReason reason) {
    mover.advance(version.name(), channel, version.number(), reason);
  }
}
