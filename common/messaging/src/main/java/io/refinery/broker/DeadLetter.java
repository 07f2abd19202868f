package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A copy of a message that can never succeed, with the reason in headers. */
final class DeadLetter {

  /** Bytes of a value that is kept whole; the rest of a default limit of 1 MiB is for headers. */
  static final int WHOLE = 900 << 10;

  /** Bytes of a value that is kept where not even {@link #WHOLE} are accepted. */
  static final int SHORT = 16 << 10;

  private DeadLetter() {}

  /**
   * @param id that it is answered under
   * @param sentence for the sender
   * @param service process that gave the message up
   * @param longest bytes of the value to keep
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
