package io.refinery.console.train;

import io.refinery.broker.MessageSender;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.trainer.service.TrainingStateStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Requests and follows trainings over the same topics as any other client. */
final class TrainingClient {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Connections connections;
  private final TrainingStateStore states;

  TrainingClient(Connections connections) {
    this.connections = connections;
    this.states = new TrainingStateStore(connections.storage(), connections.bucket());
  }

  /**
   * Sends a request without waiting for the training.
   *
   * @throws ConfigurationException if its id stands for another request
   */
  void send(TrainingRequest request) {
    if (states.isAnother(request)) {
      throw new ConfigurationException(
          "The id '"
              + request.id()
              + "' already stands for a training that was requested with other data, model or"
              + " plan: give another --id.");
    }
    send(connections.topics().trainings(), request.id(), request.toJson());
  }

  /** Asks for a training to be paused or cancelled. */
  void send(TrainingControl control) {
    send(connections.topics().trainingControl(), control.id(), control.toJson());
  }

  private void send(String topic, String key, byte[] value) {
    try (MessageSender sender = connections.sender()) {
      sender.send(topic, key, value);
    }
  }

  /**
   * Sends a request and waits until the training has ended or is paused, or the request is refused.
   *
   * @param progress receives every status update of the training
   * @return the last status update
   */
  TrainingUpdate submit(TrainingRequest request, Consumer<TrainingUpdate> progress) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
      send(request);
      while (true) {
        for (ConsumerRecord<String, byte[]> read : consumer.poll(POLL)) {
          if (!request.id().equals(read.key()) || !TrainingUpdate.isOne(read.value())) {
            continue;
          }
          TrainingUpdate update = TrainingUpdate.parse(read.value());
          progress.accept(update);
          boolean isRefused = update.state() == State.REFUSED && states.isAnother(request);
          if (update.state().isLast() || update.state() == State.PAUSED || isRefused) {
            return update;
          }
        }
      }
    }
  }

  private KafkaConsumer<String, byte[]> consumer() {
    Map<String, Object> properties = connections.kafka();
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(connections.topics().events()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList());
    return consumer;
  }
}
