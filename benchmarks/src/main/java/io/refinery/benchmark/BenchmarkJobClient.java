package io.refinery.benchmark;

import io.refinery.broker.BrokerConfig;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends a job and waits for its result, with clients that stay open between jobs. */
final class BenchmarkJobClient implements AutoCloseable {

  private final String jobs;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> results;

  BenchmarkJobClient(BrokerConfig broker) {
    jobs = broker.topics().jobs();
    producer =
        new KafkaProducer<>(broker.properties(), new StringSerializer(), new ByteArraySerializer());
    results =
        new KafkaConsumer<>(
            broker.properties(), new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partition = List.of(new TopicPartition(broker.topics().results(), 0));
    results.assign(partition);
    results.seekToBeginning(partition);
  }

  /**
   * Sends a job and returns its result.
   *
   * @throws IllegalStateException when the job fails
   */
  JobResult.Succeeded submit(Job job) {
    try {
      producer.send(new ProducerRecord<>(jobs, job.id(), job.toJson())).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("The job was not sent", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending a job", e);
    }
    Optional<JobResult.Succeeded> result = Optional.empty();
    while (result.isEmpty()) {
      result = poll(job);
    }
    return result.get();
  }

  private Optional<JobResult.Succeeded> poll(Job job) {
    for (ConsumerRecord<String, byte[]> read : results.poll(Duration.ofMillis(50))) {
      if (read.key().equals(job.id())) {
        if (JobResult.parse(read.value()) instanceof JobResult.Succeeded succeeded) {
          return Optional.of(succeeded);
        }
        throw new IllegalStateException(JobResult.parse(read.value()).toString());
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    producer.close();
    results.close();
  }
}
