package io.refinery.trainer.service;

import io.refinery.broker.BrokerException;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.RecordListener;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingControl.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the last control message of every training; each trainer hears all of them. */
final class ControlListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlListener.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Hears of trainings that are to be cancelled. */
  @FunctionalInterface
  interface Cancellation {
    void asked(String id, Instant at) throws InterruptedException;
  }

  private record Asked(Action action, Instant at) {}

  private final Map<String, Asked> last = new ConcurrentHashMap<>();
  private final Cancellation cancellation;
  private final RecordListener loop;

  /**
   * Reads all that is there before it returns.
   *
   * @throws BrokerException when the topic cannot be read
   */
  ControlListener(KafkaClients clients, String topic, Cancellation cancellation) {
    this.cancellation = cancellation;
    loop =
        new RecordListener(
                "refinery-control", () -> fromTheBeginning(clients, topic), false, this::hear)
            .start();
    try {
      if (!loop.awaitCaughtUp(PATIENCE)) {
        throw new BrokerException("The topic " + topic + " cannot be read");
      }
    } catch (InterruptedException e) {
      loop.close();
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while reading " + topic, e);
    } catch (BrokerException e) {
      loop.close();
      throw e;
    }
  }

  private static Consumer<String, byte[]> fromTheBeginning(KafkaClients clients, String topic) {
    Consumer<String, byte[]> consumer = clients.listener("control");
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private void hear(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    if (record.value() == null) {
      last.remove(record.key());
      return;
    }
    TrainingControl control;
    try {
      control = TrainingControl.parse(Optional.ofNullable(record.key()), record.value());
    } catch (IllegalArgumentException e) {
      log.warn("A control message of {} is not understood: {}", record.key(), e.getMessage());
      return;
    }
    Instant at = Instant.ofEpochMilli(record.timestamp());
    last.put(control.id(), new Asked(control.action(), at));
    if (control.action() == Action.CANCEL) {
      cancellation.asked(control.id(), at);
    }
  }

  /** What is wanted of a training that was ordered at {@code ordered}. */
  Optional<Action> wanted(String id, Instant ordered) {
    return Optional.ofNullable(last.get(id))
        .filter(asked -> !asked.at().isBefore(ordered))
        .map(Asked::action);
  }

  @Override
  public void close() {
    loop.close();
  }
}
