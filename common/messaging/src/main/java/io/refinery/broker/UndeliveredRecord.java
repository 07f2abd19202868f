package io.refinery.broker;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that a broker has dropped after its last delivery to a share group.
 *
 * @param original the record as it was on its topic; without a value if it was too large to be kept
 * @param deliveries how often it was delivered, from 1; 0 if the broker does not say
 */
public record UndeliveredRecord(ConsumerRecord<String, byte[]> original, int deliveries) {

  /** Headers that a broker adds. */
  private static final String OWN = "__dlq.errors.";

  private static final String GROUP = OWN + "group";
  private static final String TOPIC = OWN + "topic";
  private static final String PARTITION = OWN + "partition";
  private static final String OFFSET = OWN + "offset";
  private static final String DELIVERIES = OWN + "delivery.count";

  /**
   * Reads a record of a topic of undelivered records, which several groups may use.
   *
   * @return empty if it was dropped from another group, or if a broker did not write it
   */
  public static Optional<UndeliveredRecord> of(ConsumerRecord<String, byte[]> kept, String group) {
    if (!text(kept, GROUP).filter(group::equals).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UndeliveredRecord(
              original(kept), text(kept, DELIVERIES).map(Integer::valueOf).orElse(0)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ConsumerRecord<String, byte[]> original(ConsumerRecord<String, byte[]> kept) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : kept.headers()) {
      if (!header.key().startsWith(OWN)) {
        headers.add(header);
      }
    }
    return new ConsumerRecord<>(
        required(kept, TOPIC),
        Integer.parseInt(required(kept, PARTITION)),
        Long.parseLong(required(kept, OFFSET)),
        kept.timestamp(),
        kept.timestampType(),
        kept.serializedKeySize(),
        kept.serializedValueSize(),
        kept.key(),
        kept.value(),
        headers,
        Optional.empty());
  }

  private static String required(ConsumerRecord<?, ?> record, String name) {
    return text(record, name)
        .orElseThrow(() -> new IllegalArgumentException("There is no header " + name));
  }

  private static Optional<String> text(ConsumerRecord<?, ?> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }
}
