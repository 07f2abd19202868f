package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a process's messages, each with the trace context of the message that caused it. */
public final class MessageSender implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

  /** How long nothing is sent best effort after the broker has not taken such a message in time. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Producer<String, byte[]> producer;
  private final Producer<String, byte[]> bestEffort;
  private final String name;
  private volatile Instant silentUntil = Instant.MIN;

  /** Creates a sender that sends everything with one producer, closed by {@link #close}. */
  public MessageSender(Producer<String, byte[]> producer, String name) {
    this(producer, producer, name);
  }

  /**
   * @param producer closed by {@link #close}
   * @param bestEffort sends what may be lost, and blocks only briefly; closed by {@link #close}
   * @param name the name of the process
   */
  public MessageSender(
      Producer<String, byte[]> producer, Producer<String, byte[]> bestEffort, String name) {
    this.producer = producer;
    this.bestEffort = bestEffort;
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

  /**
   * Appends a copy of a message to its own topic, to be delivered as a new message.
   *
   * @param failedTries the number of tries that have failed so far
   */
  public void resend(ConsumerRecord<String, byte[]> message, int failedTries) {
    send(RecordCopy.again(message, failedTries));
  }

  /**
   * Sends a message and returns at once; a failure is only logged. While a topic is missing or its
   * leader away, each message would block its sender, so after one that did none is sent for a
   * while.
   */
  public void sendBestEffort(String topic, String key, byte[] value, Headers cause) {
    if (Instant.now().isBefore(silentUntil)) {
      return;
    }
    try {
      var unused =
          bestEffort.send(
              record(topic, key, value, cause),
              (metadata, failure) -> {
                if (failure != null) {
                  notSent(topic, key, failure);
                }
              });
    } catch (KafkaException e) {
      notSent(topic, key, e);
    }
  }

  private void notSent(String topic, String key, Exception failure) {
    log.debug("Not sent to {} under {}: {}", topic, key, failure.getMessage());
    if (failure instanceof TimeoutException) {
      silentUntil = Instant.now().plus(SILENCE);
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
    if (bestEffort != producer) {
      bestEffort.close();
    }
  }
}
