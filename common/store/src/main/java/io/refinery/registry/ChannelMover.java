package io.refinery.registry;

import java.util.Optional;

/**
 * Moves channels, and reports every move: there is no other way to move one, so that nobody can
 * forget to announce it.
 */
public final class ChannelMover {

  private final ModelRegistry registry;
  private final ChannelMoveListener listener;

  /**
   * @param listener called after each move, on the caller's thread; what it throws reaches the
   *     caller, after the channel was moved
   */
  public ChannelMover(ModelRegistry registry, ChannelMoveListener listener) {
    this.registry = registry;
    this.listener = listener;
  }

  /**
   * Points a channel to a version, whoever else moves it meanwhile: moves happen one after another,
   * and each of them happens.
   *
   * @return where it points now
   * @throws ModelNotFoundException when there is no such version
   */
  public ChannelPointer move(String model, String channel, int version, MoveReason reason) {
    return reported(model, channel, registry.moveChannel(model, channel, version, reason));
  }

  /**
   * Points a channel to a version if that is higher than the channel's, so that a process that is
   * late or retries takes nothing back. The channel also stays where it is if this cause has moved
   * it to this version before and somebody has moved it away since.
   *
   * @return where it points now, reported even if an earlier try moved it there, since nobody knows
   *     whether that was reported; empty where it points to another version and stays there
   * @throws ModelNotFoundException when there is no such version
   */
  public Optional<ChannelPointer> advance(
      String model, String channel, int version, MoveReason reason) {
    return registry
        .advanceChannel(model, channel, version, reason)
        .map(pointer -> reported(model, channel, pointer));
  }

  /**
   * Takes a channel back to the version that it pointed to before its current one. A second
   * rollback goes further back, never forward again.
   *
   * @param by as in {@link MoveReason}
   * @param reason as in {@link MoveReason}
   * @return where it points now
   * @throws ModelNotFoundException when there is no such channel, or no earlier version
   */
  public ChannelPointer rollback(String model, String channel, String by, String reason) {
    return reported(model, channel, registry.rollback(model, channel, by, reason));
  }

  private ChannelPointer reported(String model, String channel, ChannelPointer pointer) {
    listener.moved(model, channel, pointer);
    return pointer;
  }
}
