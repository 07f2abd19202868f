package io.refinery.benchmark;

import io.refinery.broker.BrokerConfig;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends jobs and waits for their results, with clients that stay open between jobs. */
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
   * Sends all jobs at once, waits for their results, and returns these in the order of the jobs.
   *
   * @throws IllegalStateException when a job fails
   */
  List<JobResult.Succeeded> submit(List<Job> all) {
    send(all);
    Map<String, JobResult.Succeeded> found = new HashMap<>();
    while (!all.stream().map(Job::id).allMatch(found::containsKey)) {
      for (ConsumerRecord<String, byte[]> read : results.poll(Duration.ofMillis(50))) {
        found.put(read.key(), succeeded(read.value()));
      }
    }
    return all.stream().map(job -> found.get(job.id())).toList();
  }

  /** Returns the mean seconds of each stage of a job. */
  static Map<String, Double> meanStages(List<JobResult.Succeeded> results) {
    return results.stream()
        .flatMap(result -> result.stageSeconds().entrySet().stream())
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey,
                LinkedHashMap::new,
                Collectors.averagingDouble(Map.Entry::getValue)));
  }

  private void send(List<Job> all) {
    List<Future<?>> sent = new ArrayList<>();
    for (Job job : all) {
      sent.add(producer.send(new ProducerRecord<>(jobs, job.id(), job.toJson())));
    }
    try {
      for (Future<?> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A job was not sent", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending jobs", e);
    }
  }

  private static JobResult.Succeeded succeeded(byte[] message) {
    if (JobResult.parse(message) instanceof JobResult.Succeeded succeeded) {
      return succeeded;
    }
    throw new IllegalStateException(new String(message, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close();
    results.close();
  }
}
