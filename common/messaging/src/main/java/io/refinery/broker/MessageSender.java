package io.refinery.broker;

import io.refinery.message.ErrorCode;
import io.refinery.message.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a service has to say; the trace context of what caused it goes along. */
public final class MessageSender implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MessageSender.class);

  private final Producer<String, byte[]> producer;
  private final String name;

  /**
   * @param producer closed with this
   * @param name of the service's process
   */
  public MessageSender(Producer<String, byte[]> producer, String name) {
    this.producer = producer;
    this.name = name;
  }

  /**
   * Returns when the broker has it for good.
   *
   * @throws KafkaException when it does not take it
   */
  public void send(String topic, String key, byte[] value, Headers cause)
      throws InterruptedException {
    await(record(topic, key, value, cause));
  }

  /** Sends as well as it can: what cannot be sent is only logged. */
  public void tell(String topic, String key, byte[] value, Headers cause) {
    var unused =
        producer.send(
            record(topic, key, value, cause),
            (metadata, trouble) -> {
              if (trouble != null) {
                log.debug("Not sent to {} under {}: {}", topic, key, trouble.getMessage());
              }
            });
  }

  /**
   * Puts a message that can never succeed aside, as it came, with the reason in headers.
   *
   * @param id that it is answered under
   * @param sentence for whoever sent it
   */
  public void bury(
      String topic,
      String id,
      ConsumerRecord<String, byte[]> message,
      ErrorCode code,
      String sentence)
      throws InterruptedException {
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(topic, null, null, id, message.value());
    message.headers().forEach(letter.headers()::add);
    Map.of(
            "refinery.error.code",
            code.name(),
            "refinery.error.message",
            sentence,
            "refinery.origin",
            ShareRecordProcessor.origin(message),
            "refinery.worker",
            name)
        .forEach(
            (header, value) ->
                letter.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
    await(letter);
  }

  private static ProducerRecord<String, byte[]> record(
      String topic, String key, byte[] value, Headers cause) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    TraceContext.pass(cause, record.headers());
    return record;
  }

  private void await(ProducerRecord<String, byte[]> record) throws InterruptedException {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new KafkaException("Not written to " + record.topic(), e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
