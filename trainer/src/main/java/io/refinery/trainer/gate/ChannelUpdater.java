package io.refinery.trainer.gate;

import io.refinery.message.ChannelMoveEvent;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves the channels of a model whose new version was published: {@code latest}, and the gate's
 * where the version passes. Trying it again, after a crash, makes no second move.
 */
public final class ChannelUpdater {

  private final ModelRegistry registry;
  private final GateSettings settings;
  private final String by;

  /**
   * @param by who is said to have moved them, such as {@code trainer-1}
   */
  public ChannelUpdater(ModelRegistry registry, GateSettings settings, String by) {
    this.registry = registry;
    this.settings = settings;
    this.by = by;
  }

  /**
   * What was done to the channels.
   *
   * @param moves to announce; a move that an earlier try made is among them while the channel still
   *     points there, since nobody knows whether it was announced
   * @param verdict of the gate; empty where it is off, or was not asked again
   */
  public record Result(List<ChannelMoveEvent> moves, Optional<Verdict> verdict) {
    public Result {
      moves = List.copyOf(moves);
    }
  }

  /**
   * Moves {@code latest} to {@code version} unless it stands higher, and the gate's channel if the
   * gate is on and {@code metrics} pass it.
   */
  public Result afterPublication(ModelVersion version, Map<String, Double> metrics) {
    List<ChannelMoveEvent> moves = new ArrayList<>();
    MoveReason publication =
        new MoveReason(MoveReason.Cause.PUBLICATION, by, "A training published it.");
    advance(version, ModelReference.LATEST_CHANNEL, publication).ifPresent(moves::add);
    if (!settings.isOn()) {
      return new Result(moves, Optional.empty());
    }
    Optional<ChannelPointer> present =
        Optional.ofNullable(registry.channels(version.name()).get(settings.channel()));
    if (present.isPresent() && present.get().version() == version.number()) {
      moves.add(ChannelMoveEvent.of(version.name(), settings.channel(), present.get()));
      return new Result(moves, Optional.empty());
    }
    Verdict verdict = new Gate(settings).judge(metrics, present.isPresent());
    if (verdict instanceof Verdict.Passed passed) {
      MoveReason gate = new MoveReason(MoveReason.Cause.GATE, by, passed.reason());
      advance(version, settings.channel(), gate).ifPresent(moves::add);
    }
    return new Result(moves, Optional.of(verdict));
  }

  private Optional<ChannelMoveEvent> advance(
      ModelVersion version, String channel, MoveReason move) {
    return registry
        .advanceChannel(version.name(), channel, version.number(), move)
        .map(pointer -> ChannelMoveEvent.of(version.name(), channel, pointer));
  }
}
