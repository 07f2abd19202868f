package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.TraceContext;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a process's messages, each with the trace context of the message that caused it. */
public final class MessageSender implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

  private final Producer<String, byte[]> producer;
  private final String name;

  /**
   * @param producer closed by {@link #close}
   * @param name the name of the process
   */
  public MessageSender(Producer<String, byte[]> producer, String name) {
    this.producer = producer;
    this.name = name;
  }

  /**
   * Sends a message that no other message caused, and returns when the broker has stored it.
   *
   * @throws KafkaException when the broker does not accept it
   */
  public void send(String topic, String key, byte[] value) {
    send(topic, key, value, new RecordHeaders());
  }

  /**
   * Sends a message and returns when the broker has stored it.
   *
   * @param value null for a tombstone
   * @throws KafkaException when the broker does not accept it, or {@link InterruptException}
   */
  public void send(String topic, String key, byte[] value, Headers cause) {
    send(record(topic, key, value, cause));
  }

  /** Appends a copy of a message to its own topic, to be delivered as a new message. */
  public void resend(ConsumerRecord<String, byte[]> message) {
    send(RecordCopy.of(message.topic(), message.key(), message, DeadLetter.WHOLE));
  }

  /** Sends a message and returns at once; a failure is only logged. */
  public void sendBestEffort(String topic, String key, byte[] value, Headers cause) {
    try {
      var unused =
          producer.send(
              record(topic, key, value, cause),
              (metadata, failure) -> {
                if (failure != null) {
                  log.debug("Not sent to {} under {}: {}", topic, key, failure.getMessage());
                }
              });
    } catch (KafkaException e) {
      log.debug("Not sent to {} under {}: {}", topic, key, e.getMessage());
    }
  }

  /**
   * Sends a message that can never succeed to a topic of dead letters, with the reason in headers.
   * A value that is too large for a record with these headers is cut; the header {@code
   * refinery.value.bytes} then holds its size, and {@code refinery.origin} the position of the
   * original.
   *
   * @param id the id that the message is answered under
   * @param sentence the error for the sender of the message
   */
  public void sendToDeadLetter(
      String topic,
      String id,
      ConsumerRecord<String, byte[]> message,
      ErrorCode code,
      String sentence) {
    try {
      send(DeadLetter.of(topic, id, message, code, sentence, name, DeadLetter.WHOLE));
    } catch (KafkaException e) {
      if (!Outages.isAboutTheMessage(e)) {
        throw e;
      }
      log.warn("{} does not accept the dead letter of {}: {}; cutting it", topic, id, e.toString());
      send(DeadLetter.of(topic, id, message, code, sentence, name, DeadLetter.SHORT));
    }
  }

  private static ProducerRecord<String, byte[]> record(
      String topic, String key, byte[] value, Headers cause) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    TraceContext.pass(cause, record.headers());
    return record;
  }

  /** Sends a record and returns when the broker has stored it. */
  void send(ProducerRecord<String, byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          "Cannot write to " + record.topic() + ": " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException("Interrupted while writing to " + record.topic(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
