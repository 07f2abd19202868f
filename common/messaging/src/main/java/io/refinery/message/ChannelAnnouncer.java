package io.refinery.message;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Tells of moves of channels: the workers, whose bell it is, and whoever follows events. */
public final class ChannelAnnouncer {

  private final Producer<String, byte[]> producer;
  private final Topics topics;

  /**
   * @param producer stays the caller's to close
   */
  public ChannelAnnouncer(Producer<String, byte[]> producer, Topics topics) {
    this.producer = producer;
    this.topics = topics;
  }

  /**
   * Sends the move and waits until the broker has it. A move that was told before may be told
   * again: what holds is in storage.
   *
   * @throws KafkaException when the broker does not take it
   */
  public void announce(ChannelMoveEvent move) {
    byte[] json = move.toJson();
    Sending.send(producer, topics.models(), move.key(), json);
    Sending.send(producer, topics.events(), move.key(), json);
  }
}
