package io.refinery.broker;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as a broker delivers them. */
final class Records {

  static final Instant APPENDED = Instant.parse("2024-05-06T07:08:09.010Z");

  private Records() {}

  /** A record at offset 7 of the topic {@code jobs}, appended at {@link #APPENDED}. */
  static ConsumerRecord<String, byte[]> record(byte[] value, Header... headers) {
    return record("jobs", 7, APPENDED, value, new RecordHeaders(headers));
  }

  /** A sent record as it is delivered from offset 99, an hour after {@link #APPENDED}. */
  static ConsumerRecord<String, byte[]> delivered(ProducerRecord<String, byte[]> sent) {
    Instant later = APPENDED.plusSeconds(3600);
    return record(sent.topic(), 99, later, sent.value(), new RecordHeaders(sent.headers()));
  }

  private static ConsumerRecord<String, byte[]> record(
      String topic, long offset, Instant at, byte[] value, Headers headers) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        at.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        "key",
        value,
        headers,
        Optional.empty());
  }

  static byte[] value(int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) 'v');
    return value;
  }

  /** The last header of a name as text. */
  static Optional<String> header(ProducerRecord<String, byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), StandardCharsets.UTF_8));
  }
}
