package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A copy of a message that can never succeed, with the reason in headers. */
final class DeadLetter {

  /**
   * The most bytes of a value kept whole; the rest of the default limit of 1 MiB is for headers.
   */
  static final int WHOLE = 900 << 10;

  /** Bytes of a value to keep when the topic does not accept {@link #WHOLE}. */
  static final int SHORT = 16 << 10;

  private DeadLetter() {}

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
    RecordCopy.add(letter, "refinery.error.code", code.name());
    RecordCopy.add(letter, "refinery.error.message", Excerpt.of(sentence));
    RecordCopy.add(letter, "refinery.worker", service);
    return letter;
  }
}
