package io.refinery.trainer;

import io.refinery.registry.ChannelMoveListener;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.ObjectStorage;
import io.refinery.trainer.gate.ChannelUpdater;
import io.refinery.trainer.gate.GateSettings;

/**
 * The object store and registry that trainings use.
 *
 * @param objects for bundles that are read and checkpoints; stays the caller's
 * @param bucket of the checkpoints
 * @param registry to publish to and to take parents from
 * @param moves told of every channel that moves
 * @param gate what a version must show before another channel than {@code latest} moves to it
 * @param by who is said to have moved a channel
 */
public record PublicationTarget(
    ObjectStorage objects,
    String bucket,
    ModelRegistry registry,
    ChannelMoveListener moves,
    GateSettings gate,
    String by) {

  ChannelUpdater channels() {
    return new ChannelUpdater(registry, new ChannelMover(registry, moves), gate, by);
  }
}
