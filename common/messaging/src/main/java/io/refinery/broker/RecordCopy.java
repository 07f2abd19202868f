package io.refinery.broker;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Copies records so that they fit into another topic: a record may have any size that its topic
 * allows, and a copy has more headers. Headers say what was cut off, and the first copy names the
 * position of the original.
 */
public final class RecordCopy {

  private static final String ORIGIN = "refinery.origin";
  private static final String APPENDED = "refinery.appended";
  private static final String VALUE_BYTES = "refinery.value.bytes";
  private static final String HEADERS_DROPPED = "refinery.headers.dropped";
  private static final String FAILED_TRIES = "refinery.failed.tries";

  private static final int HEADER_BYTES = 32 << 10;

  /** What earlier copies added has room of its own: foreign headers must not displace it. */
  private static final Set<String> OWN =
      Set.of(ORIGIN, APPENDED, VALUE_BYTES, HEADERS_DROPPED, FAILED_TRIES);

  private static final int OWN_BYTES = 2 << 10;

  private RecordCopy() {}

  /** Returns the position where a message was first written: topic, partition and offset. */
  public static String origin(ConsumerRecord<?, ?> record) {
    Header origin = record.headers().lastHeader(ORIGIN);
    return origin != null && origin.value() != null && origin.value().length <= 512
        ? new String(origin.value(), StandardCharsets.UTF_8)
        : record.topic() + "-" + record.partition() + "@" + record.offset();
  }

  /** Returns the time when a message was first written. */
  public static Instant appended(ConsumerRecord<?, ?> record) {
    Header appended = record.headers().lastHeader(APPENDED);
    try {
      return appended == null || appended.value() == null
          ? Instant.ofEpochMilli(record.timestamp())
          : Instant.parse(new String(appended.value(), StandardCharsets.UTF_8));
    } catch (DateTimeParseException e) {
      return Instant.ofEpochMilli(record.timestamp());
    }
  }

  /** Returns the number of tries that had failed when this copy was made; 0 for an original. */
  public static int failedTries(ConsumerRecord<?, ?> record) {
    Header tries = record.headers().lastHeader(FAILED_TRIES);
    if (tries == null || tries.value() == null) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(new String(tries.value(), StandardCharsets.UTF_8)));
    } catch (NumberFormatException e) {
      return 0; // Foreign: ours are numbers.
    }
  }

  /** Returns a copy for the topic of {@code original}, which counts deliveries from 1 again. */
  static ProducerRecord<String, byte[]> again(
      ConsumerRecord<String, byte[]> original, int failedTries) {
    ProducerRecord<String, byte[]> copy =
        of(original.topic(), original.key(), original, DeadLetter.WHOLE);
    copy.headers().remove(FAILED_TRIES);
    add(copy, FAILED_TRIES, Integer.toString(failedTries));
    return copy;
  }

  /** Returns whether a copy lacks a part of its original's value. */
  static boolean isCut(ConsumerRecord<?, ?> record) {
    return record.headers().lastHeader(VALUE_BYTES) != null;
  }

  /**
   * @param longest the most bytes of the value to keep
   */
  static ProducerRecord<String, byte[]> of(
      String topic, String key, ConsumerRecord<String, byte[]> original, int longest) {
    byte[] value = original.value();
    boolean cut = value != null && value.length > longest;
    ProducerRecord<String, byte[]> copy =
        new ProducerRecord<>(topic, null, null, key, cut ? Arrays.copyOf(value, longest) : value);
    int dropped = copyHeaders(original, copy);
    if (dropped > 0) {
      add(copy, HEADERS_DROPPED, Integer.toString(dropped));
    }
    if (cut && copy.headers().lastHeader(VALUE_BYTES) == null) {
      add(copy, VALUE_BYTES, Integer.toString(value.length));
    }
    if (copy.headers().lastHeader(ORIGIN) == null) {
      add(copy, ORIGIN, origin(original));
      add(copy, APPENDED, appended(original).toString());
    }
    return copy;
  }

  static void add(ProducerRecord<String, byte[]> record, String name, String text) {
    record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Copies headers while there is room and returns the number of those left out. */
  private static int copyHeaders(
      ConsumerRecord<String, byte[]> original, ProducerRecord<String, byte[]> copy) {
    int room = HEADER_BYTES;
    int own = OWN_BYTES;
    int dropped = 0;
    for (Header header : original.headers()) {
      int bytes = header.key().length() + (header.value() == null ? 0 : header.value().length);
      if (OWN.contains(header.key()) && bytes <= own) {
        own -= bytes;
      } else if (bytes <= room) {
        room -= bytes;
      } else {
        dropped++;
        continue;
      }
      copy.headers().add(header);
    }
    return dropped;
  }
}
