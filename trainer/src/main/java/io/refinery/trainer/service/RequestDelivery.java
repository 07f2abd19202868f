package io.refinery.trainer.service;

import io.refinery.message.Job;
import io.refinery.message.TrainingMessage;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A message from the topic of trainings.
 *
 * @param id its id; where none can be read, one made of where the message lies, so that it is
 *     answered too
 * @param at when it came to the topic
 * @param count how often it was delivered, from 1
 */
record RequestDelivery(
    ConsumerRecord<String, byte[]> message,
    TrainingMessage content,
    String id,
    Instant at,
    int count) {

  static RequestDelivery of(ConsumerRecord<String, byte[]> message) {
    byte[] value = message.value() == null ? new byte[0] : message.value();
    TrainingMessage content = TrainingMessage.read(Optional.ofNullable(message.key()), value);
    return new RequestDelivery(
        message,
        content,
        id(content).orElseGet(() -> positional(message)),
        Instant.ofEpochMilli(message.timestamp()),
        message.deliveryCount().map(Short::intValue).orElse(1));
  }

  private static Optional<String> id(TrainingMessage content) {
    if (content instanceof TrainingMessage.Accepted accepted) {
      return Optional.of(accepted.order().id());
    }
    return content instanceof TrainingMessage.Rejected rejected
        ? rejected.trainingId()
        : Optional.empty();
  }

  private static String positional(ConsumerRecord<String, byte[]> message) {
    String id = message.topic() + "-" + message.partition() + "-" + message.offset();
    return Job.isId(id) ? id : "training-" + message.partition() + "-" + message.offset();
  }
}
