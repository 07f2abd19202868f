package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A message that can never succeed, with the reason in headers, made to fit into a record of its
 * own: the message came at any size that the broker allows, and the headers come on top.
 */
final class DeadLetter {

  /** Bytes of a value that is kept whole; the rest of a default limit of 1 MiB is for headers. */
  static final int WHOLE = 900 << 10;

  /** Bytes of a value that is kept where not even {@link #WHOLE} are accepted. */
  static final int SHORT = 16 << 10;

  private static final int HEADER_BYTES = 32 << 10;

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
    byte[] value = message.value();
    boolean cut = value != null && value.length > longest;
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(topic, null, null, id, cut ? Arrays.copyOf(value, longest) : value);
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("refinery.error.code", code.name());
    reasons.put("refinery.error.message", Excerpt.of(sentence));
    reasons.put("refinery.origin", ShareRecordProcessor.origin(message));
    reasons.put("refinery.worker", service);
    int dropped = copyHeaders(message, letter);
    if (dropped > 0) {
      reasons.put("refinery.headers.dropped", Integer.toString(dropped));
    }
    if (cut) {
      reasons.put("refinery.value.bytes", Integer.toString(value.length));
    }
    reasons.forEach(
        (name, text) -> letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return letter;
  }

  /** Copies headers as long as there is room; returns how many were left out. */
  private static int copyHeaders(
      ConsumerRecord<String, byte[]> message, ProducerRecord<String, byte[]> letter) {
    int room = HEADER_BYTES;
    int dropped = 0;
    for (Header header : message.headers()) {
      int bytes = header.key().length() + (header.value() == null ? 0 : header.value().length);
      if (bytes > room) {
        dropped++;
        continue;
      }
      room -= bytes;
      letter.headers().add(header);
    }
    return dropped;
  }
}
