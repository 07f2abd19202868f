package io.refinery.console.models;

import io.refinery.console.connection.Connections;
import io.refinery.console.connection.Sending;
import io.refinery.message.ModelEvent;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.ResolvedModel;
import java.time.Instant;
import org.apache.kafka.clients.producer.Producer;

/** Moves channels and tells the workers. */
public final class Channels {

  private final Connections connections;

  public Channels(Connections connections) {
    this.connections = connections;
  }

  /** Points {@code channel} to {@code version}; running workers take it up with their next job. */
  public void move(ModelVersion version, String channel) {
    connections.registry().moveChannel(version.name(), channel, version.number());
    announce(version, channel);
  }

  /** Tells the workers of a move that was made already. */
  public void announce(ModelVersion version, String channel) {
    ResolvedModel resolved = connections.registry().resolve(new ModelReference.ToVersion(version));
    ModelEvent event = new ModelEvent(channel, version, resolved.manifestSha256(), Instant.now());
    try (Producer<String, byte[]> producer = connections.producer()) {
      Sending.send(producer, connections.topics().models(), event.key(), event.toJson());
    }
  }
}
