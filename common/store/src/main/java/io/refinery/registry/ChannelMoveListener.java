package io.refinery.registry;

/** Learns of channels that were moved; see {@link ChannelMover}. */
@FunctionalInterface
public interface ChannelMoveListener {

  /**
   * Called after a channel was moved in storage. A retried move may be reported again.
   *
   * @param pointer where the channel points now; its last move is the one that is reported
   */
  void moved(String model, String channel, ChannelPointer pointer);
}
