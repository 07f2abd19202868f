package io.refinery.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Rings when a message arrives on {@code refinery.models}; what it says is read from storage. */
final class TopicChannelChangeListener implements ModelRefresher.ChannelChangeListener {

  private final Consumer<String, byte[]> consumer;

  TopicChannelChangeListener(Consumer<String, byte[]> consumer, String topic) {
    this.consumer = consumer;
    Collection<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(List.of());
  }

  @Override
  public boolean rang(Duration atMost) {
    return !consumer.poll(atMost).isEmpty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
