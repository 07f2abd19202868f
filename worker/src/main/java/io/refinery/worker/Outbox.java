package io.refinery.worker;

import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.message.Topics;
import io.refinery.message.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker says: results and dead letters for sure, events as well as it can. */
final class Outbox implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final Producer<String, byte[]> producer;
  private final Topics topics;
  private final String worker;

  Outbox(Producer<String, byte[]> producer, Topics topics, String worker) {
    this.producer = producer;
    this.topics = topics;
    this.worker = worker;
  }

  /** Returns when the broker has the result for good. */
  void publish(JobResult result, Headers cause) throws InterruptedException {
    send(record(topics.results(), result.jobId(), result.toJson(), cause));
  }

  /** Puts a message that can never succeed aside, as it came, with the reason in headers. */
  void bury(JobDelivery delivery, JobResult.Failed result) throws InterruptedException {
    ProducerRecord<String, byte[]> letter =
        new ProducerRecord<>(
            topics.dead(), null, null, delivery.jobId(), delivery.message().value());
    delivery.message().headers().forEach(letter.headers()::add);
    Map.of(
            "refinery.error.code", result.code().name(),
            "refinery.error.message", result.message(),
            "refinery.origin", delivery.origin(),
            "refinery.worker", worker)
        .forEach(
            (name, value) -> letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    send(letter);
  }

  /** Says how far a job is; an event that cannot be sent is only logged. */
  void tell(JobEvent event, Headers cause) {
    ProducerRecord<String, byte[]> record =
        record(topics.events(), event.jobId(), event.toJson(), cause);
    var unused =
        producer.send(
            record,
            (metadata, trouble) -> {
              if (trouble != null) {
                log.debug("Event {} was not sent: {}", event, trouble.getMessage());
              }
            });
  }

  private static ProducerRecord<String, byte[]> record(
      String topic, String key, byte[] value, Headers cause) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    Tracing.pass(cause, record.headers());
    return record;
  }

  private void send(ProducerRecord<String, byte[]> record) throws InterruptedException {
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
