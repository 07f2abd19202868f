package io.refinery.broker;

import io.refinery.message.ChannelMoveEvent;
import io.refinery.message.Topics;
import io.refinery.registry.ChannelMoveListener;
import io.refinery.registry.ChannelPointer;
import org.apache.kafka.common.KafkaException;

/**
 * Announces moved channels to workers and to readers of events. An announcement may be repeated,
 * since the pointer in storage decides.
 */
public final class ChannelAnnouncer implements ChannelMoveListener {

  private final MessageSender sender;
  private final Topics topics;

  /**
   * @param sender not closed by this class
   */
  public ChannelAnnouncer(MessageSender sender, Topics topics) {
    this.sender = sender;
    this.topics = topics;
  }

  /**
   * Returns when the broker has stored the announcement.
   *
   * @throws KafkaException when the broker does not accept it
   */
  @Override
  public void moved(String model, String channel, ChannelPointer pointer) {
    ChannelMoveEvent move = ChannelMoveEvent.of(model, channel, pointer);
    byte[] json = move.toJson();
    sender.send(topics.models(), move.key(), json);
    sender.send(topics.events(), move.key(), json);
  }
}
