package io.refinery.broker;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The single partition from which a share group takes a topic's messages. A share group divides
 * partitions among its members, so that messages in the partitions of a busy member wait while
 * others are idle. If a topic has several partitions, an ordinary consumer group of the same
 * processes therefore copies its messages to a topic with one. A message may be copied twice;
 * requests are identified by their ids.
 */
public final class SingleQueue implements AutoCloseable {

  /** The most bytes of a value that is copied whole; no valid request has more. */
  private static final int LONGEST = 768 << 10;

  private final String topic;
  private final Optional<RecordListener> copier;

  private SingleQueue(String topic, Optional<RecordListener> copier) {
    this.topic = topic;
    this.copier = copier;
  }

  /**
   * Copies the messages of {@code topic} to {@code queue} if the topic has several partitions.
   *
   * @param group the consumer group of the processes that copy
   * @param sender not closed by this class
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

  /**
   * Returns a topic that must have a single partition, which is not copied.
   *
   * @throws BrokerException when it has several
   */
  public static SingleQueue single(String topic, BrokerCheck broker) {
    int partitions = broker.partitions(topic);
    if (partitions != 1) {
      throw new BrokerException(
          "The topic %s must have one partition, not %d: delete it, and a worker creates it again"
              .formatted(topic, partitions));
    }
    return uncopied(topic);
  }

  /** Returns the topic itself, for consumer groups, whose members share its partitions. */
  public static SingleQueue uncopied(String topic) {
    return new SingleQueue(topic, Optional.empty());
  }

  /**
   * Returns the consumer group of the processes that copy.
   *
   * @param group the share group that takes the copies
   */
  public static String copyGroup(String group) {
    return group + "-copy";
  }

  private static void copy(
      ConsumerRecord<String, byte[]> record, String queue, MessageSender sender) {
    sender.send(RecordCopy.of(queue, record.key(), record, LONGEST));
  }

  /** Returns the topic to take messages from. */
  public String topic() {
    return topic;
  }

  /** Returns whether messages still reach the queue. */
  public boolean isAlive() {
    return copier.map(RecordListener::isAlive).orElse(true);
  }

  @Override
  public void close() {
    copier.ifPresent(RecordListener::close);
  }
}
