package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A copy of a message that can never succeed, with the reason in headers.
 *
 * @param record the copy on the topic of dead letters
 */
public record DeadLetter(ConsumerRecord<String, byte[]> record) {

  /**
   * The most bytes of a value kept whole; the rest of the default limit of 1 MiB is for headers.
   */
  static final int WHOLE = 900 << 10;

  /** Bytes of a value to keep when the topic does not accept {@link #WHOLE}. */
  static final int SHORT = 16 << 10;

  private static final String CODE = "refinery.error.code";
  private static final String REASON = "refinery.error.message";
  private static final String SERVICE = "refinery.worker";

  /**
   * @param id the id that the message is answered under
   * @param sentence the error for the sender
   * @param service the process that gave up on the message
   * @param longest the most bytes of the value to keep
   */
  static ProducerRecord<String, byte[]> of(
      String topic,
      String id,
      ConsumerRecord<String, byte[]> message,
      ErrorCode code,
      String sentence,
      String service,
      int longest) {
    ProducerRecord<String, byte[]> letter = RecordCopy.of(topic, id, message, longest);
    RecordCopy.add(letter, CODE, code.name());
    RecordCopy.add(letter, REASON, Excerpt.of(sentence));
    RecordCopy.add(letter, SERVICE, service);
    return letter;
  }

  /** Returns the id that the message was answered under. */
  public String id() {
    return Objects.requireNonNullElse(record.key(), "");
  }

  /** Returns when the message was given up. */
  public Instant at() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /** Returns the position where the message was first written: topic, partition and offset. */
  public String origin() {
    return RecordCopy.origin(record);
  }

  /** Returns the error's code; empty if the letter was not written by Refinery. */
  public String code() {
    return header(CODE);
  }

  /** Returns the error's sentence; empty if the letter was not written by Refinery. */
  public String reason() {
    return header(REASON);
  }

  /** Returns the message as it was sent; empty if it was too large to be kept whole. */
  public Optional<byte[]> message() {
    return RecordCopy.isCut(record) ? Optional.empty() : Optional.ofNullable(record.value());
  }

  private String header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
