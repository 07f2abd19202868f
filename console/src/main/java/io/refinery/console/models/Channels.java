package io.refinery.console.models;

import io.refinery.console.connection.Connections;
import io.refinery.message.ChannelAnnouncer;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;

/** Moves channels and tells the workers. */
public final class Channels {

  private final Connections connections;

  public Channels(Connections connections) {
    this.connections = connections;
  }

  /** Points {@code channel} to {@code version}; running workers take it up with their next job. */
  public void move(ModelVersion version, String channel, MoveReason move) {
    ModelRegistry registry = connections.registry();
    ChannelPointer pointer = registry.moveChannel(version.name(), channel, version.number(), move);
    announce(List.of(ChannelMoveEvent.of(version.name(), channel, pointer)));
  }

  /** The same, unless the channel points to a higher version already. */
  public void advance(ModelVersion version, String channel, MoveReason move) {
    ModelRegistry registry = connections.registry();
    Optional<ChannelPointer> pointer =
        registry.advanceChannel(version.name(), channel, version.number(), move);
    announce(
        pointer.map(moved -> ChannelMoveEvent.of(version.name(), channel, moved)).stream()
            .toList());
  }

  /**
   * Takes a channel back to the version before.
   *
   * @return the move that it made
   */
  public ChannelMoveEvent rollback(String model, String channel, String by, String reason) {
    ChannelPointer pointer = connections.registry().rollback(model, channel, by, reason);
    ChannelMoveEvent move = ChannelMoveEvent.of(model, channel, pointer);
    announce(List.of(move));
    return move;
  }

  /** Tells of moves that were made already. */
  public void announce(List<ChannelMoveEvent> moves) {
    if (moves.isEmpty()) {
      return;
    }
    try (Producer<String, byte[]> producer = connections.producer()) {
      ChannelAnnouncer announcer = new ChannelAnnouncer(producer, connections.topics());
      moves.forEach(announcer::announce);
    }
  }
}
