package io.refinery.broker;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The one partition that a share group takes a topic's messages from. A share group divides
 * partitions among its members, so that messages in the partitions of a busy member wait while
 * others are idle. Where a topic has several, its messages are therefore copied into a topic that
 * has one, by an ordinary consumer group whose members are the processes of the share group. A copy
 * may be made twice; requests are told apart by their ids.
 */
public final class SingleQueue implements AutoCloseable {

  /** Bytes of a value that is copied whole: no valid request has more. */
  private static final int LONGEST = 768 << 10;

  private final String topic;
  private final Optional<RecordListener> copier;

  private SingleQueue(String topic, Optional<RecordListener> copier) {
    this.topic = topic;
    this.copier = copier;
  }

  /**
   * Copies the messages of {@code topic} to {@code queue} where the topic has several partitions.
   *
   * @param group of the members that copy
   * @param sender not closed with this
   */
  public static SingleQueue of(
      String topic,
      String queue,
      String group,
      BrokerCheck broker,
      KafkaClients clients,
      MessageSender sender) {
    if (broker.partitions(topic) == 1) {
      return new SingleQueue(topic, Optional.empty());
    }
    RecordListener copier =
        new RecordListener(
            "refinery-copy",
            () -> clients.subscriber(group, topic),
            true,
            record -> copy(record, queue, sender));
    return new SingleQueue(queue, Optional.of(copier.start()));
  }

  private static void copy(
      ConsumerRecord<String, byte[]> record, String queue, MessageSender sender) {
    sender.send(RecordCopy.of(queue, record.key(), record, LONGEST));
  }

  /** The topic to take messages from; it has one partition. */
  public String topic() {
    return topic;
  }

  /** Whether messages still reach the queue. */
  public boolean isAlive() {
    return copier.map(RecordListener::isAlive).orElse(true);
  }

  @Override
  public void close() {
    copier.ifPresent(RecordListener::close);
  }
}
