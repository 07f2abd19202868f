package io.refinery.delivery;

import io.refinery.broker.RecordCopy;
import io.refinery.message.Job;
import io.refinery.message.ParsedMessage;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One delivery of a request.
 *
 * @param <T> what a valid message asks for
 * @param id the request's id; if none can be read, one made from the message's position, so that
 *     the message is still answered
 * @param at the time when the message was first appended to a topic
 * @param count the number of this delivery, from 1
 */
public record Delivery<T>(
    ConsumerRecord<String, byte[]> message,
    ParsedMessage<T> content,
    String id,
    Instant at,
    int count) {

  /**
   * @param kind prefix of an id made from the position, such as {@code job}
   * @param reader parses a record's key and value
   * @param idOf returns a valid request's id
   */
  public static <T> Delivery<T> of(
      ConsumerRecord<String, byte[]> message,
      String kind,
      BiFunction<Optional<String>, byte[], ParsedMessage<T>> reader,
      Function<T, String> idOf) {
    byte[] value = message.value() == null ? new byte[0] : message.value();
    ParsedMessage<T> content = reader.apply(Optional.ofNullable(message.key()), value);
    return new Delivery<>(
        message,
        content,
        id(content, idOf).orElseGet(() -> positional(message, kind)),
        RecordCopy.appended(message),
        message.deliveryCount().map(Short::intValue).orElse(1));
  }

  private static <T> Optional<String> id(ParsedMessage<T> content, Function<T, String> idOf) {
    return content instanceof Accepted<T> accepted
        ? Optional.of(idOf.apply(accepted.request()))
        : ((Rejected<T>) content).id();
  }

  private static String positional(ConsumerRecord<String, byte[]> message, String kind) {
    String id = RecordCopy.origin(message).replace('@', '-');
    return Job.isId(id) ? id : kind + "-" + message.partition() + "-" + message.offset();
  }

  /** Returns the position of the message: topic, partition and offset. */
  public String origin() {
    return RecordCopy.origin(message);
  }
}
